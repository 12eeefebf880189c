// node run.mjs CHROMIUM RUNS SITE PAGES: measures each page RUNS times, one line of JSON a measure.
// PAGES is JSON: [{"path": "/", "cookie": ""}, …]. Lighthouse's defaults: a phone, throttling simulated.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, runs, site, pages] = process.argv.slice(2);

async function measure(port, { path, cookie }) {
  const extraHeaders = cookie ? { Cookie: cookie } : undefined;
  const { lhr } = await lighthouse(site + path, { port, output: "json", logLevel: "error", extraHeaders });
  // A trace that got lost on a busy machine says nothing of the page.
  if (lhr.runtimeError) return undefined;
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
  const failed = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight && lhr.audits[id].score !== null && lhr.audits[id].score < 0.5)
    .map(({ id }) => id);
  return { path, version: lhr.lighthouseVersion, scores: Object.fromEntries(scores), failed };
}

async function insist(port, page) {
  for (let tries = 0; tries < 4; tries += 1) {
    const measured = await measure(port, page);
    if (measured) return measured;
  }
  throw new Error(`Lighthouse lost every trace of ${page.path}`);
}

const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
try {
  for (const page of JSON.parse(pages)) {
    for (let run = 0; run < Number(runs); run += 1) console.log(JSON.stringify(await insist(chrome.port, page)));
  }
} finally {
  await chrome.kill();
}
