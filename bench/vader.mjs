// VADER's area under the curve and time on the texts of `text_bench --texts` (NDJSON on standard input), as figure lines.
// Needs the npm package vader-sentiment; `make bench-text` installs it under build/.
import { createRequire } from 'node:module';
import readline from 'node:readline';

const require = createRequire(process.cwd() + '/build/peers/');
const { SentimentIntensityAnalyzer } = require('vader-sentiment');

const sets = new Map();
const hundred = [];
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { set, negative, text } = JSON.parse(line);
  if (!sets.has(set)) sets.set(set, []);
  sets.get(set).push([-SentimentIntensityAnalyzer.polarity_scores(text).compound, negative]);
  if (text.length >= 95 && text.length <= 105) hundred.push(text);
}

function areaUnderCurve(judged) {
  judged.sort((a, b) => a[0] - b[0]);
  let ranks = 0, yes = 0;
  for (let i = 0; i < judged.length;) {
    let end = i, here = 0;
    while (end < judged.length && judged[end][0] === judged[i][0]) here += judged[end++][1];
    ranks += here * (i + end + 1) / 2;
    yes += here;
    i = end;
  }
  const no = judged.length - yes;
  return yes && no ? (ranks - yes * (yes + 1) / 2) / (yes * no) : 0.5;
}

for (const [set, judged] of sets)
  console.log(`figure vader_${set.replaceAll('-', '_')}_negative_auc ${areaUnderCurve(judged).toFixed(4)} 1`);
const rounds = [];
for (let round = 0; round < 11; ++round) {
  const begun = process.hrtime.bigint();
  for (const text of hundred) SentimentIntensityAnalyzer.polarity_scores(text);
  rounds.push(Number(process.hrtime.bigint() - begun) / hundred.length);
}
rounds.sort((a, b) => a - b);
console.log(`figure vader_score_100 ${rounds[5].toFixed(0)} ns`);
