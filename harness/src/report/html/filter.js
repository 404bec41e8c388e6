"use strict";
// Filters scenarios, and opens what an address points at. Without it, the page
// shows everything.
const id = (name) => document.getElementById(name);
const form = id("filter");
const all = [...document.querySelectorAll(".one")];
const fields = ["outcome", "topic", "asked"].map(id);
const has = (list, value) => !value || list.split("|").includes(value);

function apply() {
  const words = id("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [outcome, topic, asked] = fields.map((field) => field.value);
  let count = 0;
  for (const one of all) {
    const { words: text, outcomes, topic: own, asked: by } = one.dataset;
    const fits = words.every((word) => text.includes(word)) && has(outcomes, outcome) && has(own, topic) && has(by, asked);
    one.hidden = !fits;
    count += fits;
  }
  for (const section of document.querySelectorAll(".topic")) section.hidden = !section.querySelector(".one:not([hidden])");
  id("nothing").hidden = count > 0;
  id("shown").textContent = count === all.length ? `${count} ${count === 1 ? "scenario" : "scenarios"}` : `${count} of ${all.length} scenarios`;
}

function reveal() {
  const target = id(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const one = target.closest(".one");
  if (one?.hidden) { form.reset(); apply(); }
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  target.scrollIntoView();
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of document.querySelectorAll("a[data-topic]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.reset();
      id("topic").value = link.dataset.topic;
      id("asked").value = link.dataset.asked;
      apply();
      form.scrollIntoView();
      id("search").focus({ preventScroll: true });
    });
  }
  addEventListener("hashchange", reveal);
  // On paper stands what is open, every problem, and of each other red scenario what
  // failed.
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details:is(.problem, .scenario.red):not([open])")) {
      one.open = true;
      one.classList.add("printed");
    }
  });
  addEventListener("afterprint", () => {
    for (const one of document.querySelectorAll(".printed")) {
      one.open = false;
      one.classList.remove("printed");
    }
  });
  apply();
  reveal();
}
