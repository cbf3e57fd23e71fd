// Checks a receipt in the browser: nothing that is typed leaves it. Files of the site are fetched,
// and all hashes and the log's signature are computed here (RFC 6962; C2SP tlog-tiles, signed-note).
"use strict";
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => {
  const all = new Uint8Array(parts.reduce((n, each) => n + each.length, 0));
  let at = 0;
  for (const each of parts) { all.set(each, at); at += each.length; }
  return all;
};
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// The first 20 letters of a leaf in base32.
function codeOf(leaf) {
  let bits = 0n;
  for (const each of leaf.slice(0, 13)) bits = (bits << 8n) | BigInt(each);
  bits >>= 4n;
  let code = "";
  for (let n = 19; n >= 0; n--) code += LETTERS[Number((bits >> BigInt(5 * n)) & 31n)];
  return code;
}

// As people write it: small letters, spaces, digits that base32 has not. "": it is no code.
function read(code) {
  const plain = code.replace(/[\s-]/g, "").toUpperCase()
    .replace(/0/g, "O").replace(/1/g, "I").replace(/8/g, "B");
  return /^[A-Z2-7]{20}$/.test(plain) ? plain : "";
}

async function rootOf(hashes) {
  let level = hashes;
  if (!level.length) return sha256(new Uint8Array());
  while (level.length > 1) {
    const next = [];
    for (let n = 0; n + 1 < level.length; n += 2) next.push(await node(level[n], level[n + 1]));
    if (level.length % 2) next.push(level[level.length - 1]);
    level = next;
  }
  return level[0];
}

function tilePath(level, number, width) {
  let said = String(number % 1000).padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) {
    said = "x" + String(rest % 1000).padStart(3, "0") + "/" + said;
  }
  return "tile/" + level + "/" + said + (width < 256 ? ".p/" + width : "");
}

// Reads hashes of complete subtrees out of tiles of a log of `size` entries.
function tilesOf(get, size) {
  const kept = new Map();
  return async (level, index) => {
    const number = Math.floor(index / 256), whole = Math.floor(size / 256 ** level);
    const width = Math.min(256, whole - number * 256), path = tilePath(level, number, width);
    if (!kept.has(path)) kept.set(path, await get(path));
    if (!kept.get(path)) throw new Error("no " + path);
    const at = (index % 256) * 32;
    return kept.get(path).slice(at, at + 32);
  };
}

// The hash of entries first..end, where first is a multiple of the power of two that holds as many.
async function subtree(hash, first, end) {
  const number = end - first;
  if (number & (number - 1)) {
    let left = 1;
    while (left * 2 < number) left *= 2;
    return node(await subtree(hash, first, first + left), await subtree(hash, first + left, end));
  }
  let size = 1, level = 0;
  while (size * 256 <= number) { size *= 256; level++; }
  const hashes = [];
  for (let at = first; at < end; at += size) hashes.push(await hash(level, at / size));
  return rootOf(hashes);
}

// Whether each complete tile above an entry is the hash of the one below it.
async function isChained(hash, at, size) {
  for (let level = 0, index = at; ; level++) {
    const number = Math.floor(index / 256), first = number * 256;
    if ((number + 1) * 256 ** (level + 1) > size) return true;
    const below = [];
    for (let n = 0; n < 256; n++) below.push(await hash(level, first + n));
    if (hexOf(await rootOf(below)) !== hexOf(await hash(level + 1, number))) return false;
    index = number;
  }
}

const unpacked = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const utf8 = (text) => new TextEncoder().encode(text);

// What is signed is the text up to the empty line; signatures: [name, hex of the key's id, signature].
function checkpointOf(note) {
  const end = note.lastIndexOf("\n\n"), text = note.slice(0, end + 1);
  const [origin, size, root] = text.split("\n");
  const signatures = note.slice(end + 2).split("\n").filter(Boolean).map((line) => {
    const [dash, name, said] = line.split(" "), both = unpacked(said);
    if (dash !== "—" || both.length < 5) throw new Error("no signature");
    return [name, hexOf(both.slice(0, 4)), both.slice(4)];
  });
  if (end < 0 || !/^\d{1,15}$/.test(size)) throw new Error("no checkpoint");
  return { origin, size: Number(size), root: hexOf(unpacked(root)), text, signatures };
}

// NAME+ID+BASE64; the id is of name and key, so that one of another name is no key of this log.
async function keyOf(said) {
  const [, name, id, rest] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(said.trim());
  const key = unpacked(rest), hash = await sha256(joined(utf8(name + "\n"), key));
  if (key[0] !== 1 || key.length !== 33 || hexOf(hash.slice(0, 4)) !== id) throw new Error("no key");
  return { name, id, key: key.slice(1) };
}

async function isSigned(key, text, signature) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, text);
}

// Whether this browser checks signatures at all: the first test of RFC 8032, of an empty text.
const canCheck = () => isSigned(
  bytesOf("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"), new Uint8Array(),
  bytesOf("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
    "d25bf5f0595bbe24655141438e7a100b")).catch(() => false);

// Whether the log's key signed it: one signature at least is its own, and none that says so is not.
async function isBy(head, said) {
  try {
    const key = await keyOf(said);
    const mine = head.signatures.filter(([name, id]) => name === key.name && id === key.id);
    let right = mine.length > 0 && head.origin === key.name;
    for (const [, , signature] of mine) right = (await isSigned(key.key, utf8(head.text), signature)) && right;
    return right;
  } catch (fault) { return false; }
}

// Nobody could be asked: that proves nothing, neither for nor against.
class Unreached extends Error {}

// Says step by step what was found: [key, values, is it right], null where there is nothing to hold
// it against. `get`: a file below log/, null where there is none; raises Unreached.
async function check(code, sheet, get) {
  const said = [], plain = read(code);
  const name = /^([A-Za-z0-9-]{2,20})-(\d{4,})$/.exec(sheet.trim());
  if (!plain) return [["code", {}, false]];
  if (!name) return [["sheet", {}, false]];
  const content = await get("sheets/" + name[0] + ".json");
  const listed = await get("sheets/" + name[0] + ".leaves");
  if (!content || !listed) return [["missing", { sheet: name[0] }, false]];
  const leaves = new TextDecoder().decode(listed).split(/\s+/).filter(Boolean);
  const what = contentOf(content);
  const mine = leaves.find((each) => codeOf(bytesOf(each)) === plain);
  said.push(mine ? ["listed", { n: leaves.length }, true] : ["unlisted", { n: leaves.length }, false]);
  const root = hexOf(await rootOf([...leaves].sort().map(bytesOf)));
  const seal = (what && what.leaves) || {};
  const right = root === seal.root && leaves.length === seal.number;
  said.push([right ? "root" : "root.wrong", {}, right]);
  if (!mine || !right) return said;
  return [...said, ...(await inLog(content, what, get))];
}

function contentOf(bytes) {
  try { return JSON.parse(new TextDecoder().decode(bytes)); } catch (fault) { return null; }
}

// Where there is a checkpoint, what cannot be proved by it is wrong, whatever the reason; but for a
// browser that cannot check signatures: it says so, and nothing is said to be right by an unsigned one.
async function inLog(content, what, get) {
  const note = await get("checkpoint"), key = await get("key.txt");
  if (!note) return [["log.none", {}, null]];
  if (!what.log) return [["log.unnamed", {}, false]];
  try {
    const head = checkpointOf(new TextDecoder().decode(note)), at = what.log.size;
    if (!(await isProved(content, what, head, get))) return [["log.wrong", {}, false]];
    const said = key ? new TextDecoder().decode(key).trim() : "";
    if (!(await canCheck())) return [["log.unsigned", {}, null]];
    if (!(await isBy(head, said))) return [["signed.wrong", {}, false]];
    return [["log", { at, size: head.size, origin: head.origin }, true], ["signed", { key: said }, true]];
  } catch (fault) {
    if (fault instanceof Unreached) throw fault;
    return [["log.wrong", {}, false]];
  }
}

async function isProved(content, what, head, get) {
  const hash = hexOf(await sha256(content));
  const mine = hexOf(await sha256(joined(Uint8Array.of(0), utf8('{"sheet":"' + hash + '"}'))));
  const read = tilesOf(get, head.size), at = what.log.size;
  if (!(Number.isInteger(at) && at >= 0 && at < head.size)) return false;
  if (hexOf(await read(0, at)) !== mine) return false;
  const root = hexOf(await subtree(read, 0, head.size));
  if (root !== head.root || !(await isChained(read, at, head.size))) return false;
  return hexOf(await subtree(read, 0, at)) === what.log.root;
}

function begin(form) {
  const words = JSON.parse(form.dataset.said), top = form.dataset.top;
  const result = document.getElementById("result"), hash = decodeURIComponent(location.hash.slice(1));
  const get = async (path) => {
    // An old checkpoint out of a cache would not hold a sheet that is new, nor an old key sign it.
    const fresh = path === "checkpoint" || path === "key.txt" ? { cache: "no-cache" } : {};
    const answer = await fetch(top + "log/" + path, fresh).catch(() => { throw new Unreached(path); });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Unreached(path);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const tell = (key, values, isRight) => {
    const line = document.createElement("p");
    line.className = isRight === null ? "note" : isRight ? "right" : "wrong";
    line.textContent = words[key].replace(/\{(\w+)\}/g, (_, each) => values[each]);
    result.append(line);
  };
  form.hidden = false;
  if (/^[A-Za-z0-9-]{7,30}$/.test(hash)) form.elements.sheet.value = hash;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    result.replaceChildren();
    try {
      for (const each of await check(form.elements.code.value, form.elements.sheet.value, get)) tell(...each);
    } catch (fault) { tell("fault", {}, false); }
  });
}

if (typeof document === "undefined") module.exports = { check, codeOf, read, rootOf, subtree, tilePath, tilesOf };
else begin(document.getElementById("check"));
