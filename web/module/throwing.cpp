// SPDX-License-Identifier: MIT
// The module has no exceptions: a throw hands its message to JavaScript, which throws
// in its place and leaves the module. Whatever the C++ code held then is lost, some
// bytes of memory; what stays in use is as the exception left it.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>

extern "C" {

/// Throws a JavaScript Error with these words.
[[noreturn, clang::import_module("cnn"), clang::import_name("threw")]] void threw(
    const char* words, std::size_t length);

void* __cxa_allocate_exception(std::size_t size) { return std::malloc(size); }

/// All that the book and its libraries throw begins with a std::exception.
[[noreturn]] void __cxa_throw(void* thrown, void*, void (*)(void*)) {
  const char* words = static_cast<std::exception*>(thrown)->what();
  threw(words, std::strlen(words));
}

}  // extern "C"
