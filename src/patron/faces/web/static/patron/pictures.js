// A picture as PNG: its drawing with the colours of the reader's theme, its finding and its unit above, at double size.
// Nothing leaves the browser, and nothing but data: addresses is needed.
"use strict";
const SCALE = 2, EDGE = 24, TITLE = 18, UNIT = 13;  // sizes in pixels before scaling
const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin",
  "stroke-linecap", "opacity", "font-size", "font-weight", "font-family", "text-anchor", "dominant-baseline", "visibility"];

const plain = (drawing) => {  // a copy that needs no style sheet
  const copy = drawing.cloneNode(true);
  const [from, to] = [drawing, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value) to[i].setAttribute(name, value);
    }
    for (const name of ["class", "style", "tabindex"]) to[i].removeAttribute(name);
  });
  return copy;
};

const drawn = async (copy) => {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  await image.decode();
  return image;
};

const wrapped = (words, pen, width) => {  // between words; Chinese between any two characters
  const lines = [""];
  for (const part of words.match(/[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\s*|\s+/g) || []) {
    const longer = lines[lines.length - 1] + part;
    if (lines[lines.length - 1] && pen.measureText(longer.trimEnd()).width > width) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trim());
};

export const png = async (figure) => {  // the canvas of a figure
  const drawing = figure.querySelector(".at-wide svg.pp");
  const wide = drawing.viewBox.baseVal.width, high = drawing.viewBox.baseVal.height;
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(`--${name}`).trim();
  const copy = plain(drawing);
  copy.setAttribute("width", wide * SCALE);
  copy.setAttribute("height", high * SCALE);
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  const family = colour("font");
  const heads = [[".finding", `600 ${TITLE}px ${family}`, TITLE, "ink"], [".unit", `400 ${UNIT}px ${family}`, UNIT, "muted"]]
    .flatMap(([selector, font, size, ink]) => {
      pen.font = font;
      return wrapped(figure.querySelector(selector)?.textContent || "", pen, wide).filter(Boolean)
        .map((words) => ({ words, font, size, ink }));
    });
  const top = EDGE + heads.reduce((sum, line) => sum + line.size * 1.5, 0) + 8;
  canvas.width = Math.round((wide + 2 * EDGE) * SCALE);
  canvas.height = Math.round((top + high + EDGE) * SCALE);
  pen.fillStyle = colour("raised");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(await drawn(copy), EDGE * SCALE, top * SCALE, wide * SCALE, high * SCALE);
  pen.scale(SCALE, SCALE);
  pen.textBaseline = "top";
  let y = EDGE;
  for (const line of heads) {
    pen.font = line.font;
    pen.fillStyle = colour(line.ink);
    pen.fillText(line.words, EDGE, y);
    y += line.size * 1.5;
  }
  return canvas;
};

const save = async (button) => {
  const link = document.createElement("a");
  link.download = `${button.dataset.png}.png`;
  link.href = (await png(button.closest("figure"))).toDataURL("image/png");
  link.click();
};

const show = (root) => root.querySelectorAll("[data-png][hidden]").forEach((button) => { button.hidden = false; });
show(document);
document.addEventListener("htmx:afterSettle", (event) => show(event.target));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-png]");
  if (button) save(button);
});
