// What people have in their hands at the locker, and hold before its scanner.

import { h, icon, whenNew } from "./dom.js";
import { post } from "./post.js";
import { qr } from "./qr.js";

const FLASH_MS = 900;
const place = document.getElementById("people");
const scanner = document.getElementById("scanner");

function scan(text) {
  scanner.classList.add("reads");
  setTimeout(() => scanner.classList.remove("reads"), FLASH_MS);
  post("scan", { text });
}

const scanButton = (id, name, text) => h("button.scan", { id, disabled: !text, onclick: () => scan(text) }, name);

/** Groups of four are easier to read. */
export const grouped = (text) => text.replace(/(.{4})(?=.)/g, "$1 ");

/** `hero` is the parcel that the story is about. */
export const showPeople = whenNew(({ badge, hero }) => {
  place.replaceChildren(driver(badge), parcel(hero), recipient(hero));
});

const driver = (badge) => h("article.card.badge",
  h("h2", icon("badge"), "Driver’s badge"),
  badge && qr(badge, "Driver’s badge"),
  scanButton("scan-badge", "Scan badge", badge),
);

const parcel = (hero) => h("article.card.parcel",
  h("h2", icon("box"), hero ? `Parcel ${hero.number}` : "Parcel"),
  hero ? qr(hero.label, `Label of parcel ${hero.number}`) : h("p.none", "The carrier makes one."),
  hero && h("p.label", hero.label),
  scanButton("scan-label", "Scan label", hero?.label),
);

const recipient = (hero) => h("article.card.phone",
  h("h2", icon("phone"), "Recipient’s phone"),
  hero?.code ? message(hero) : h("p.none", "The carrier sends a code as soon as the parcel is in."),
  hero?.pass && qr(hero.pass, `Pickup pass for parcel ${hero.number}`),
  scanButton("scan-pass", "Scan pass", hero?.pass),
);

const message = (hero) => h("p.message", "Your parcel is here. Code:", h("strong.code", grouped(hero.code)),
  hero.pin && [" PIN: ", h("strong.code", hero.pin)]);
