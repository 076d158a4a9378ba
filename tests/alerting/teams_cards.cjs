// Microsoft's own parser of Adaptive Cards reads what we send to Teams, and says what it does not know.
//
//     node teams_cards.cjs PEERS < cards      one envelope a line; PEERS: a folder with node_modules
"use strict";
const fs = require("fs");
const path = require("path");

const library = path.join(process.argv[2], "node_modules", "adaptivecards", "dist", "adaptivecards.js");
if (!fs.existsSync(library)) {
  console.log("skipped: npm's adaptivecards is not there");
  process.exit(77);
}
globalThis.self = globalThis.window = globalThis; // it was made for browsers
const cards = require(library);

// A card that breaks the rules must be seen as such, else the check below means nothing.
function faults(content) {
  const card = new cards.AdaptiveCard();
  const context = new cards.SerializationContext(cards.Versions.v1_2);
  card.parse(content, context);
  const out = [];
  for (let i = 0; i < context.eventCount; ++i) out.push(context.getEventAt(i).message);
  for (const event of card.validateProperties().validationEvents) out.push(event.message);
  const back = card.toJSON(new cards.SerializationContext(cards.Versions.v1_2));
  for (const part of ["body", "actions"])
    if ((content[part] || []).length !== (back[part] || []).length) out.push(`it lost some of the ${part}`);
  return out;
}

const lines = fs.readFileSync(0, "utf8").split("\n").filter((line) => line.startsWith("{"));
let failed = lines.length === 0;
for (const line of lines) {
  const envelope = JSON.parse(line);
  const content = envelope.attachments[0].content;
  for (const fault of faults(content)) {
    console.log(`${fault}\n  ${line.slice(0, 300)}`);
    failed = true;
  }
}
const broken = JSON.parse(lines[0]).attachments[0].content;
broken.body[0].inlines[0].color = "Purple";
broken.body.push({ type: "Marquee" });
if (faults(broken).length < 2) {
  console.log("the parser takes everything");
  failed = true;
}
console.log(`${lines.length} cards read`);
process.exit(failed ? 1 : 0);
