// SPDX-License-Identifier: MIT
#include "common/core/require.hpp"
#include "common/pictures/read_picture.hpp"

#include <csetjmp>
#include <cstddef>
#include <cstdio>  // jpeglib.h wants it before
#include <jpeglib.h>
#include <libexif/exif-data.h>
#include <memory>

namespace cnn {

namespace {

// libjpeg ends the program when it meets a fault, unless it is led elsewhere.
// It is C: an exception may not pass through it, so it jumps back into the function
// that called it, which holds nothing that would want to be destroyed.
struct Decoder {
  explicit Decoder(std::span<const std::uint8_t> bytes) {
    jpeg.err = jpeg_std_error(&errors);
    jpeg.client_data = this;
    errors.error_exit = giveUp;
    // A warning says that pixels are missing and have been made up.
    errors.emit_message = [](j_common_ptr warned, int level) {
      if (level < 0) giveUp(warned);
    };
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes.data(), static_cast<unsigned long>(bytes.size()));
  }
  ~Decoder() { jpeg_destroy_decompress(&jpeg); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// From here on the sides and the channels are known.
  bool readHeader() {
    if (setjmp(back) != 0) return false;
    jpeg_read_header(&jpeg, TRUE);
    return true;
  }

  /// Column by column of `rowsAsColumns` (width x height) a grey row of the picture.
  bool readPixels(arma::Mat<JSAMPLE>& rowsAsColumns) {
    if (setjmp(back) != 0) return false;
    jpeg.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = rowsAsColumns.colptr(jpeg.output_scanline);
      jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    return true;
  }

  [[noreturn]] static void giveUp(j_common_ptr failed) {
    auto& decoder = *static_cast<Decoder*>(failed->client_data);
    failed->err->format_message(failed, decoder.reason);
    std::longjmp(decoder.back, 1);
  }

  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  std::jmp_buf back{};
  char reason[JMSG_LENGTH_MAX] = "";
};

// How the camera was held, 1 to 8 as EXIF numbers it; 1 (upright) when it says nothing.
int orientationOf(std::span<const std::uint8_t> bytes) {
  const std::unique_ptr<ExifData, void (*)(ExifData*)> exif(
      exif_data_new_from_data(bytes.data(), static_cast<unsigned>(bytes.size())),
      exif_data_unref);
  if (!exif) return 1;
  const ExifEntry* entry =
      exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  return exif_get_short(entry->data, exif_data_get_byte_order(exif.get()));
}

}  // namespace

arma::mat decodeJpeg(std::span<const std::uint8_t> bytes, const std::string& name) {
  Decoder decoder(bytes);
  requireInput(decoder.readHeader(), "{}: a damaged JPEG picture: {}", name,
               decoder.reason);
  requireInput(decoder.jpeg.num_components != 4,
               "{}: a JPEG picture in four printing colours (CMYK); save it in RGB and "
               "try again",
               name);
  const JDIMENSION width = decoder.jpeg.image_width, height = decoder.jpeg.image_height;
  // A block of 8 x 8 pixels takes a bit at least.
  checkPixels("JPEG", width, height, std::uint64_t{8} * 64 * bytes.size(), name);
  arma::Mat<JSAMPLE> rowsAsColumns(width, height);
  requireInput(decoder.readPixels(rowsAsColumns), "{}: a damaged JPEG picture: {}",
               name, decoder.reason);

  // EXIF says on which sides of the picture its first row and column belong;
  // from 5 on its rows are columns.
  const int orientation = orientationOf(bytes);
  const auto is = [&](auto... any) { return ((orientation == any) || ...); };
  if (!is(5, 6, 7, 8)) rowsAsColumns = rowsAsColumns.t();
  if (is(2, 3, 6, 7)) rowsAsColumns = arma::fliplr(rowsAsColumns);
  if (is(3, 4, 7, 8)) rowsAsColumns = arma::flipud(rowsAsColumns);
  return arma::conv_to<arma::mat>::from(rowsAsColumns) / 255.0;
}

}  // namespace cnn
