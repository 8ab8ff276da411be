-- SPDX-License-Identifier: MIT
-- What a chapter's blocks become on a page. docs/build has put the name of a quoted file
-- and its address into the attributes of the fence.

local function html(text) return pandoc.RawBlock("html", text) end

local function escape(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

-- A session with the shell: what the reader types stands out from what comes back.
local function console(text)
  local lines = escape(text):gsub("([^\n]+)", function(line)
    return line:match("^%$ ") and "<b>" .. line .. "</b>" or line
  end)
  return html('<pre class="console"><code>' .. lines .. "</code></pre>")
end

local blocks = {
  math = function(block)
    return pandoc.Para({ pandoc.Math("DisplayMath", block.text) })
  end,
  console = function(block) return console(block.text) end,
  pencil = function(block)
    return html('<pre class="pencil"><code>' .. escape(block.text) .. "</code></pre>")
  end,
}

function CodeBlock(block)
  local made = blocks[block.classes[1]]
  if made then return made(block) end
  local file, place = block.attributes.file, block.attributes.place
  if not file then return block end
  block.attributes = {}
  local name = "<code>" .. escape(file) .. "</code>"
  if place then name = '<a href="' .. escape(place) .. '">' .. name .. "</a>" end
  return {
    html('<figure class="listing"><figcaption>' .. name .. "</figcaption>"),
    block,
    html("</figure>"),
  }
end

-- What may be wider than the page scrolls in a box of its own.
function Table(table)
  return { html('<div class="wide">'), table, html("</div>") }
end

function Para(paragraph)
  local only = paragraph.content[1]
  if #paragraph.content ~= 1 then return nil end
  if only.t == "Math" and only.mathtype == "DisplayMath" then
    return { html('<div class="wide formula">'), pandoc.Plain({ only }), html("</div>") }
  elseif only.t == "Image" then
    return { html('<figure class="picture">'), pandoc.Plain({ only }), html("</figure>") }
  end
end

-- Blocks first: a formula that stood in a fence becomes a paragraph of its own.
return { { CodeBlock = CodeBlock }, { Table = Table, Para = Para } }
