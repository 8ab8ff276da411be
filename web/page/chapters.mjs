// SPDX-License-Identifier: MIT
// Links to the book. Where this page is part of the book's site, the document says where
// that is: <html data-book="../">. Else a link names the file beside the reader's sources.

const files = { index: "README.md", museum: "tests/museum/README.md", data: "data/README.md" };
const book = document.documentElement.dataset.book;

for (const link of document.querySelectorAll("[data-chapter]")) {
  const name = link.dataset.chapter;
  if (book !== undefined) link.href = `${book}${name}.html`;
  else link.title = `${files[name] ?? `stages/${name}/README.md`}; ./learn docs makes a site of it`;
}
