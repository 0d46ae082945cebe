// Time zones from the engine's own `Intl`, for the package that goes without the compiled-in database.
//
// Needs the time zone names `longOffset`: Node 18, Chrome 95, Firefox 91, Safari 15.4 and later. The
// version of the IANA database is the engine's (`process.versions.tz` says Node's).

/** The words of names that aren't a capital and small letters. */
const WORDS = new Set(
  ("of es au ACT LHI NSW IN US McMurdo DumontDUrville DeNoronha ComodRivadavia EasterIsland " +
    "BajaNorte BajaSur").split(" "),
);
/** Names without a city. `Intl` also knows others, which the IANA database doesn't have. */
const ABBREVIATIONS = new Set(
  ("CET CST6CDT EET EST EST5EDT GB GB-Eire HST MET MST MST7MDT NZ NZ-CHAT PRC PST8PDT ROC ROK UCT " +
    "UTC W-SU WET Etc/UCT Etc/UTC").split(" "),
);
const GREENWICH = /^(?:Etc\/)?GMT(?:[+-]?0)?$|^Etc\/GMT[+-]\d{1,2}$/;
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Making a format costs as much as fifty offsets. */
const formats = new Map();

/**
 * Whether there is a zone of exactly this name.
 *
 * `Intl` takes any case and gives links the name of what they link to, so the spelling is judged here.
 * @param {string} name
 * @returns {boolean}
 */
export function knowsZone(name) {
  if (formats.has(name)) return true;
  if (!isSpelledAsIana(name)) return false;
  try {
    const options = { timeZone: name, timeZoneName: "longOffset" };
    formats.set(name, new Intl.DateTimeFormat("en-US", options));
    return true;
  } catch {
    return false;
  }
}

/**
 * How many seconds the clocks of a zone are ahead of UTC.
 * @param {string} name a zone that `knowsZone` has said yes to
 * @param {number} millis since 1970-01-01T00:00:00Z
 * @returns {number}
 */
export function zoneOffset(name, millis) {
  // "4/1/2026, GMT+02:00"; "GMT" alone where it is 0, and seconds before standard time.
  const [, sign, hours, minutes, seconds = 0] = OFFSET.exec(formats.get(name).format(millis));
  if (sign === undefined) return 0;
  const offset = hours * 3600 + minutes * 60 + Number(seconds);
  return sign === "-" ? -offset : offset;
}

function isSpelledAsIana(name) {
  if (ABBREVIATIONS.has(name) || GREENWICH.test(name)) return true;
  return name.split(/[/_-]/).every((word) => /^[A-Z][a-z]+$/.test(word) || WORDS.has(word));
}
