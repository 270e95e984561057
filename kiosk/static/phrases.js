// Sentences by language. A value is a text, or one text for each plural form of `n`.

const catalogues = new Map();
let taught = {};
let language = "en";
let plurals = new Intl.PluralRules("en");

/** Fetch the catalogues once, the first language first, so that the page can speak when the locker is away. */
export async function load(languages) {
  for (const name of languages) {
    if (catalogues.has(name)) continue;
    const answer = await fetch(`phrases/${name}.json`);
    if (answer.ok) catalogues.set(name, await answer.json());
  }
}

/** Fetch what only the staff is told, in every language there is so far. */
export async function loadStaff() {
  for (const [name, known] of catalogues) {
    if (known.staff) continue;
    const answer = await fetch(`phrases/staff/${name}.json`);
    if (answer.ok) catalogues.set(name, { ...known, ...(await answer.json()), staff: true });
  }
}

/** What this locker's rules of handing over say, by language and rule. */
export function teach(rules) {
  taught = {};
  for (const [name, said] of Object.entries(rules ?? {}))
    taught[name] = Object.fromEntries(Object.entries(said).map(([rule, text]) => [`rule.${rule}`, text]));
}

/** Speak this language from now on, if it is there. */
export function speak(name) {
  if (!catalogues.has(name) || name === language) return;
  language = name;
  plurals = new Intl.PluralRules(name);
}

/** Whether there is anything to say. */
export const ready = () => catalogues.size > 0;

/** The language spoken now. */
export const spoken = () => language;

/** Which way it is written. */
export const direction = () => catalogues.get(language)?.["language.direction"] ?? "ltr";

/** The name of a language in its own script. */
export const nameOf = (name) => catalogues.get(name)?.["language.name"] ?? name;

/** Whether there is such a sentence. */
export const has = (key) => find(key) !== undefined;

const find = (key) => taught[language]?.[key] ?? catalogues.get(language)?.[key];

/** One sentence, with its gaps filled. */
export function t(key, values = {}) {
  let text = find(key) ?? "";
  if (typeof text === "object") text = text[plurals.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The sentence for a code of the locker's, or the one for codes that nobody foresaw. */
export const tFor = (group, code) => (has(`${group}.${code}`) ? t(`${group}.${code}`) : t(`${group}.other`, { name: code }));
