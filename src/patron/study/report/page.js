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
  for (const table of find("table[data-csv]")) {
    const zh = table.closest(".sheet").lang.startsWith("zh");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "csv", textContent: zh ? "导出 CSV" : "Export CSV" });
    button.addEventListener("click", () => {
      const lines = find("tr", table).map((row) => [...row.children].map(cell).join(","));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
      link.download = `patron-${table.dataset.csv}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    table.parentNode.after(button);
  }
})();
