// The desk's keys. Every key presses a button or follows a link that is on the page anyway.
"use strict";

const page = document.body.dataset.page;
const cards = [...document.querySelectorAll(".card")];
let chosen = -1;

function choose(index, focus) {
  if (!cards.length) return;
  const bounded = Math.max(0, Math.min(cards.length - 1, index));
  cards.forEach((card, at) => {
    if (at === bounded) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  });
  chosen = bounded;
  if (focus) {
    const link = cards[bounded].querySelector("h2 a");
    link.focus({ preventScroll: true });
    cards[bounded].scrollIntoView({ block: "nearest" });
  }
}

function follow(selector) {
  const link = document.querySelector(selector);
  if (link) link.click();
}

function judge(key) {
  const scope = page === "queue" ? cards[chosen] : document.querySelector("#verdict-form");
  const button = scope && scope.querySelector(`button[data-key="${key}"]`);
  if (button) button.form.requestSubmit(button);
}

function undo() {
  const form = document.querySelector("#undo") || document.querySelector("#undo-last");
  if (form) form.requestSubmit();
}

function move(step) {
  if (page === "queue") {
    const edge = step > 0 ? chosen === cards.length - 1 : chosen <= 0;
    if (edge) follow(step > 0 ? ".pager a[rel=next]" : ".pager a[rel=prev]");
    else choose(chosen + step, true);
  } else {
    follow(step > 0 ? ".steps a[rel=next]" : ".steps a[rel=prev]");
  }
}

function openChosen() {
  if (page === "queue" && cards.length) cards[chosen].querySelector("h2 a").click();
}

function writeNote() {
  const note = document.querySelector("#note");
  if (note) note.focus();
}

function toggleHelp() {
  const help = document.querySelector("#help");
  if (help.open) help.close();
  else help.showModal();
}

const keys = {
  r: () => judge("r"),
  i: () => judge("i"),
  u: () => judge("u"),
  z: undo,
  Enter: openChosen,
  j: () => move(1),
  k: () => move(-1),
  n: writeNote,
  o: () => follow("#original"),
  f: () => follow("#to-queue"),
  "/": () => document.querySelector("#search").focus(),
  "?": toggleHelp,
};

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=checkbox]), [contenteditable]");
}

let leaving = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (isTyping(event.target) || leaving || (event.repeat && !"jk".includes(event.key))) return;
  if (document.querySelector("#help").open && event.key !== "?") return;
  const act = keys[event.key];
  if (!act || (event.key === "Enter" && event.target !== document.body)) return;
  event.preventDefault();
  act();
});

// A second key before the next page is there must not judge the same article twice.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (leaving) event.preventDefault();
  leaving = true;
});
window.addEventListener("pageshow", () => { leaving = false; });

document.querySelector(".keys").addEventListener("click", (event) => {
  event.preventDefault();
  toggleHelp();
});

// A pop-up of the header closes when the reader goes elsewhere.
document.addEventListener("click", (event) => {
  const who = document.querySelector("details.who");
  if (who.open && !who.contains(event.target)) who.open = false;
});

const notice = document.querySelector("#notice p");
if (notice) document.querySelector("#live").textContent = notice.textContent.replace(/\s+/g, " ");

if (page === "queue") {
  const target = cards.findIndex((card) => `#${card.id}` === location.hash);
  choose(Math.max(0, target), false);
}
