// Patron in the browser: keys, the palette, selection, editing in place, toasts. Every page works without it for reading
// and for forms.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add("js");

  // ---- dialogs
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const input = one("input", dialog);
    if (input) { input.value = ""; input.focus(); input.dispatchEvent(new Event("input", { bubbles: true })); }
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) { event.preventDefault(); open(opener.dataset.open); return; }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) { dismiss.closest("[data-toast]").remove(); return; }
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // ---- the palette: arrows choose, Enter opens
  const palette = document.getElementById("palette");
  const choose = (step) => {
    const links = all("#palette-found a");
    if (!links.length) return;
    const at = links.findIndex((link) => link.classList.contains("at"));
    const next = Math.min(Math.max(at + step, 0), links.length - 1);
    links.forEach((link, i) => link.classList.toggle("at", i === next));
    links[next].scrollIntoView({ block: "nearest" });
  };
  if (palette) {
    palette.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { choose(1); event.preventDefault(); }
      if (event.key === "ArrowUp") { choose(-1); event.preventDefault(); }
      if (event.key === "Enter") {
        const link = one("#palette-found a.at") || one("#palette-found a");
        if (link) { event.preventDefault(); link.click(); }
      }
    });
  }

  // ---- keys of lists and ways
  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");
  const rows = () => all("[data-row]");
  let going = false;
  const move = (step) => {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.classList.contains("at"));
    const next = Math.min(Math.max(at + step, 0), list.length - 1);
    list.forEach((row, i) => row.classList.toggle("at", i === next));
    list[next].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open("palette"); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (going) {
      going = false;
      const way = one(`[data-key="${CSS.escape(event.key)}"]`);
      if (way) { event.preventDefault(); location.assign(way.getAttribute("href")); }
      return;
    }
    const at = one("[data-row].at");
    if (event.key === "g") going = true;
    else if (event.key === "?") open("keys");
    else if (event.key === "/") { const field = one("[data-search]"); if (field) { event.preventDefault(); field.focus(); } }
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "Enter" && at && event.target === document.body) { const link = one("a", at); if (link) link.click(); }
    else if (event.key === "x" && at) { const box = one("input[type=checkbox]", at); if (box) box.click(); }
    else if (event.key === "e") { const field = one("[data-edit]"); if (field) { event.preventDefault(); field.click(); } }
  });

  // ---- editing in place: Esc restores what stood there, the focus goes to the new field
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const cancel = event.target.closest("form") && one("[data-restore]", event.target.closest("form"));
    if (cancel) { event.preventDefault(); cancel.click(); }
  });
  // ---- what renews itself waits while something in it is pressed: else the button goes from under the click
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    if (target?.matches("[hx-trigger^=every]") && one(":active", target)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const focus = one("[data-focus]", event.target) || (event.target.matches("[data-focus]") ? event.target : null);
    if (focus) { focus.focus(); if (focus.select) focus.select(); }
    else if (event.target.id.startsWith("field-")) one("[data-edit]", event.target)?.focus();  // where one came from
  });

  // ---- links and keys to be copied are selected when they are entered
  document.addEventListener("focusin", (event) => { if (event.target.matches("input[data-select]")) event.target.select(); });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    // Without https a browser gives no clipboard; the older way works there, and the text stays selected in any case.
    const done = navigator.clipboard ? await navigator.clipboard.writeText(field.value).then(() => true, () => false) : document.execCommand("copy");
    if (done) button.textContent = button.dataset.done;
  });

  // ---- selection and its bar
  const count = () => {
    const bar = one("[data-bulk]");
    if (!bar) return;
    const chosen = all("input[data-choose]:checked").length;
    bar.hidden = chosen === 0;
    const said = one("[data-count]", bar);
    if (said) said.textContent = String(chosen);
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) all("input[data-choose]").forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-choose], [data-choose-all]")) count();
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // ---- tabs of a phone
  const show = (name) => {
    all("[data-panel]").forEach((panel) => panel.classList.toggle("shown", panel.dataset.panel === name));
    all("[role=tab][data-shows]").forEach((tab) => tab.setAttribute("aria-selected", String(tab.dataset.shows === name)));
  };
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-shows]");
    if (tab) show(tab.dataset.shows);
  });
  const start = () => {  // the tab that holds the place in the address, else the first
    const place = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const panel = place && place.closest("[data-panel]");
    const first = one("[role=tab][data-shows]");
    if (first) show(panel ? panel.dataset.panel : first.dataset.shows);
    if (panel) place.scrollIntoView();
  };
  start();
  addEventListener("hashchange", start);

  // ---- toasts leave by themselves; problems of requests are said
  const fade = (root) => all("[data-toast]", root).forEach((toast) => setTimeout(() => toast.remove(), 10000));
  fade(document);
  document.addEventListener("htmx:afterSettle", () => fade(document));
  const say = (words) => {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.toast = "";
    toast.textContent = words;
    document.getElementById("toasts")?.append(toast);
    fade(document);
  };
  document.addEventListener("htmx:responseError", (event) => {
    const words = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("[role=alert]");
    say(words ? words.textContent.trim().replace(/\s+/g, " ") : `${event.detail.xhr.status}`);
  });
  document.addEventListener("htmx:sendError", () => say(document.documentElement.lang.startsWith("zh") ? "无法连接服务器，输入的内容仍保留。" : "The server can't be reached. What you typed is still here."));
})();
