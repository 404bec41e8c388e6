"use strict";
// New exchanges as they come. Without this, the page reloads by its link.
const list = document.getElementById("journal");
const live = document.getElementById("live");
const say = (state, text) => { live.dataset.state = state; live.textContent = text; };
const source = new EventSource(list.dataset.events);
source.addEventListener("open", () => say("on", "live"));
source.addEventListener("error", () => say("off", "no connection; trying again"));
source.addEventListener("provider", (event) => {
  // Started anew: what is shown is of another journal.
  if (event.data !== list.dataset.provider) location.reload();
});
source.addEventListener("exchange", (event) => {
  document.getElementById("empty")?.remove();
  list.insertAdjacentHTML("afterbegin", event.data);
  while (list.children.length > 500) list.lastElementChild.remove();
});
