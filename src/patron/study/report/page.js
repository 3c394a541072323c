"use strict";
(() => {
  const root = document.documentElement, find = (what, from = document) => [...from.querySelectorAll(what)];
  const memory = {
    read(key) { try { return localStorage.getItem("patron-" + key); } catch { return null; } },
    write(key, value) { try { localStorage.setItem("patron-" + key, value); } catch { /* a file may have no memory */ } },
  };

  // Language and theme work without this script; here they are remembered and told to the browser.
  const told = (input) => {
    if (input.name !== "lang") return;
    root.lang = input.value;
    document.title = document.querySelector(`.sheet[lang="${input.value}"]`).dataset.title;
  };
  for (const name of ["lang", "theme"]) {
    const kept = document.getElementById(memory.read(name) || "");
    if (kept && kept.name === name && name === "theme") kept.checked = true;
    for (const input of find(`input[name="${name}"]`)) {
      if (input.checked) told(input);
      input.addEventListener("change", () => { told(input); memory.write(name, input.id); });
    }
  }

  // One tooltip for all marks, from the <title> the drawing carries anyway.
  const tip = Object.assign(document.createElement("div"), { id: "tip", hidden: true });
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  for (const title of find("svg.pp g > title")) {
    title.parentNode.dataset.tip = title.textContent;
    title.remove();
  }
  for (const svg of find("svg.pp")) {
    // the finding stays the name of the picture, without the browser's own tooltip
    const title = svg.querySelector("title");
    svg.setAttribute("aria-label", title.textContent);
    svg.removeAttribute("aria-labelledby");
    title.remove();
  }
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest?.("[data-tip]");
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.dataset.tip;
    const box = tip.getBoundingClientRect(), gap = 12;
    tip.style.left = Math.max(4, Math.min(event.clientX + gap, innerWidth - box.width - 4)) + "px";
    tip.style.top = (event.clientY - box.height - gap > 0 ? event.clientY - box.height - gap : event.clientY + gap) + "px";
  });
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  // Tables leave as CSV, with the figures as they were computed.
  const cell = (node) => {
    let words = node.dataset.v ?? node.textContent.trim().replace(/\s+/g, " ");
    if (/^[=+\-@\t\r]/.test(words) && !/^-?[\d.]+(e[-+]?\d+)?$/i.test(words)) words = "'" + words;
    return /[",\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  const save = (blob, name) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  for (const table of find("table[data-csv]")) {
    const zh = table.closest(".sheet").lang.startsWith("zh");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "csv", textContent: zh ? "导出 CSV" : "Export CSV" });
    button.addEventListener("click", () => {
      const lines = find("tr", table).map((row) => [...row.children].map(cell).join(","));
      save(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }), `patron-${table.dataset.csv}.csv`);
    });
    table.parentNode.after(button);
  }

  // Pictures leave as PNG, under their finding, in the theme that is on: an image knows no page, so it takes the look along.
  const png = (figure) => {
    const drawn = find("svg.pp", figure).find((svg) => svg.getClientRects().length), copy = drawn.cloneNode(true);
    const now = getComputedStyle(root), rules = document.querySelector("style").textContent;
    const names = new Set(rules.match(/--[\w-]+(?=:)/g)), ink = (name) => now.getPropertyValue(name).trim();
    for (const name of names) copy.style.setProperty(name, ink(name));
    copy.prepend(Object.assign(document.createElementNS(copy.namespaceURI, "style"), { textContent: rules }));
    const { width, height } = drawn.viewBox.baseVal, edge = 16, scale = 2, canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d"), heads = [];
    const said = (what, font, colour, step) => {
      pen.font = font;
      let line = "";
      for (const piece of figure.querySelector(what).textContent.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) || []) {
        if (line && pen.measureText(line + piece).width > width) { heads.push([line, font, colour, step]); line = ""; }
        line += piece;
      }
      heads.push([line, font, colour, step]);
    };
    said(".finding", `600 16px ${ink("--font")}`, ink("--ink"), 22);
    said(".unit", `13px ${ink("--font")}`, ink("--muted"), 20);
    const top = edge + heads.reduce((sum, head) => sum + head[3], 0) + 12, image = new Image();
    image.onload = () => {
      canvas.width = (width + 2 * edge) * scale;
      canvas.height = (top + height + edge) * scale;
      pen.scale(scale, scale);
      pen.fillStyle = ink("--paper");
      pen.fillRect(0, 0, canvas.width, canvas.height);
      let y = edge;
      for (const [line, font, colour, step] of heads) {
        Object.assign(pen, { font, fillStyle: colour });
        pen.fillText(line, edge, (y += step) - 6);
      }
      pen.drawImage(image, edge, top, width, height);
      canvas.toBlob((blob) => save(blob, `patron-${figure.parentNode.parentNode.id.replace(/-\w+$/, "")}.png`), "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  };
  for (const table of find("figure table[data-csv]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "csv png" });
    const zh = table.closest(".sheet").lang.startsWith("zh");
    button.textContent = zh ? "导出 PNG" : "Export PNG";
    button.addEventListener("click", () => png(table.closest("figure")));
    table.parentNode.nextElementSibling.after(button);
  }
})();
