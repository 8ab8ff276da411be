// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a C++ library for WASI leaves out, for a module of one thread, without files.
/// The compiler includes it before everything else.

#include <version>

#ifdef _LIBCPP_VERSION

// ---- no threads ---------------------------------------------------------------------
#if defined(_LIBCPP_HAS_NO_THREADS) || \
    (defined(_LIBCPP_HAS_THREADS) && !_LIBCPP_HAS_THREADS)
namespace std {

/// Nobody else is there to be kept out.
struct mutex {
  void lock() {}
  void unlock() {}
  bool try_lock() { return true; }
};

#if _LIBCPP_VERSION < 15000
template <class Mutex>
struct lock_guard {
  explicit lock_guard(Mutex&) {}
};
#endif

}  // namespace std
#endif

// ---- no files, but Armadillo's functions for them have to compile -------------------
#if _LIBCPP_VERSION >= 15000 &&            \
    (defined(_LIBCPP_HAS_NO_FILESYSTEM) || \
     (defined(_LIBCPP_HAS_FILESYSTEM) && !_LIBCPP_HAS_FILESYSTEM))
#include <fstream>
#include <istream>

_LIBCPP_BEGIN_NAMESPACE_STD

/// A stream on a file that never opens.
template <class Stream, ios_base::openmode usual>
class NoFile : public Stream {
 public:
  NoFile() : Stream(nullptr) {}
  template <class Name>
  explicit NoFile(const Name&, ios_base::openmode = usual) : Stream(nullptr) {}
  template <class Name>
  void open(const Name&, ios_base::openmode = usual) {}
  bool is_open() const { return false; }
  void close() {}
};

template <class C, class T>
class basic_ifstream : public NoFile<basic_istream<C, T>, ios_base::in> {
  using NoFile<basic_istream<C, T>, ios_base::in>::NoFile;
};
template <class C, class T>
class basic_ofstream : public NoFile<basic_ostream<C, T>, ios_base::out> {
  using NoFile<basic_ostream<C, T>, ios_base::out>::NoFile;
};
template <class C, class T>
class basic_fstream
    : public NoFile<basic_iostream<C, T>, ios_base::in | ios_base::out> {
  using NoFile<basic_iostream<C, T>, ios_base::in | ios_base::out>::NoFile;
};

_LIBCPP_END_NAMESPACE_STD
#endif

#endif
