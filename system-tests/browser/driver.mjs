// Drives browsers for the tests: one JSON command a line on standard input, one JSON answer a line on standard output.
// {"id":1,"do":"launch","browser":"chromium","tone":"a.wav"} -> {"id":1,"ok":{...}} or {"id":1,"error":"..."}.
// Ends, and takes its browsers with it, when standard input ends.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.navigator.audio.fake_frequency': 750,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
};

const probe = readFileSync(new URL('./probe.js', import.meta.url), 'utf8');
/** @type {Map<number, {browser: import('puppeteer-core').Browser, profile: string, kind: string}>} */
const browsers = new Map();
/** @type {Map<number, {page: import('puppeteer-core').Page, log: string[]}>} */
const pages = new Map();
let nextHandle = 1;

const commands = {
  async launch({ browser: kind, executable, tone }) {
    const profile = mkdtempSync(join(tmpdir(), 'parley-browser-'));
    const options = { headless: true, executablePath: executable, userDataDir: profile, protocolTimeout: 60000 };
    const browser = kind === 'firefox'
      ? await puppeteer.launch({ ...options, userDataDir: undefined, browser: 'firefox', extraPrefsFirefox: FIREFOX_PREFERENCES })
      : await puppeteer.launch({
        ...options,
        browser: 'chrome',
        args: tone ? [...CHROMIUM_FLAGS, `--use-file-for-fake-audio-capture=${tone}`] : CHROMIUM_FLAGS,
      });
    const handle = nextHandle++;
    browsers.set(handle, { browser, profile, kind });
    return { browser: handle, version: await browser.version() };
  },

  /** What is downloaded is kept in a folder, under the names that the page or the server gives. */
  async downloads({ browser: handle, folder }) {
    const session = await known(browsers, handle).browser.target().createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  },

  /** `strict` leaves the page its content security policy, and so the probe without its worklet. */
  async open({ browser: handle, url, width = 1000, height = 720, strict = false }) {
    const { browser, kind } = known(browsers, handle);
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    if (kind === 'chromium' && !strict) {
      await page.setBypassCSP(true); // The probe's audio worklet comes from a blob.
    }
    await page.evaluateOnNewDocument(probe);
    const log = [];
    page.on('console', (message) => keep(log, `${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => keep(log, `page error: ${error.message}`));
    await page.goto(url);
    const opened = nextHandle++;
    pages.set(opened, { page, log });
    return { page: opened };
  },

  async goto({ page, url }) {
    await known(pages, page).page.goto(url);
  },

  /** The script is the body of an async function with one argument, `given`. */
  async evaluate({ page, script, given = null }) {
    return known(pages, page).page.evaluate(
      (body, value) => Object.getPrototypeOf(async function () {}).constructor('given', body)(value), script, given);
  },

  async fill({ page, selector, text }) {
    const element = await found(page, selector);
    await element.evaluate((input) => { input.value = ''; });
    await element.type(text);
  },

  async choose({ page, selector, paths }) {
    await (await known(pages, page).page.$(selector)).uploadFile(...paths);
  },

  /** A page may draw an element anew, or move it, between its being found and clicked: a person would look again. */
  async click({ page, selector }) {
    const deadline = Date.now() + 10000;
    for (;;) {
      try {
        if (await isClicked(await found(page, selector))) {
          return;
        }
        if (Date.now() > deadline) {
          throw new Error(`${selector} does not get the click`);
        }
      } catch (error) {
        if (!/detached|not clickable/.test(error.message) || Date.now() > deadline) {
          throw error;
        }
      }
    }
  },

  async select({ page, selector, value }) {
    await known(pages, page).page.select(selector, value);
  },

  async press({ page, key }) {
    await known(pages, page).page.keyboard.press(key);
  },

  async screenshot({ page, path }) {
    await known(pages, page).page.screenshot({ path });
  },

  async log({ page }) {
    return { lines: known(pages, page).log };
  },

  async close({ page }) {
    const { page: closing } = known(pages, page);
    pages.delete(page);
    await closing.close({ runBeforeUnload: false });
  },

  async quit({ browser: handle }) {
    await quit(handle);
  },
};

function known(map, handle) {
  const value = map.get(handle);
  if (!value) {
    throw new Error(`nothing has the handle ${handle}`);
  }
  return value;
}

/** Clicks where an element is, and returns whether that is where it still was. */
async function isClicked(element) {
  await element.evaluate((one) => {
    one.isClicked = false;
    one.addEventListener('click', () => (one.isClicked = true), { once: true, capture: true });
  });
  await element.click();
  // A page that is gone got it.
  return element.evaluate((one) => one.isClicked).catch(() => true);
}

async function found(page, selector) {
  const element = await known(pages, page).page.waitForSelector(selector, { timeout: 10000 });
  if (!element) {
    throw new Error(`the page has no ${selector}`);
  }
  return element;
}

function keep(log, line) {
  if (log.length < 200) {
    log.push(line);
  }
}

async function quit(handle) {
  const { browser, profile } = known(browsers, handle);
  browsers.delete(handle);
  await browser.close().catch(() => browser.process()?.kill('SIGKILL'));
  rmSync(profile, { recursive: true, force: true });
}

function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function carryOut({ id, do: name, ...given }) {
  try {
    if (!Object.hasOwn(commands, name)) {
      throw new Error(`there is no command ${name}`);
    }
    answer({ id, ok: (await commands[name](given)) ?? null });
  } catch (error) {
    answer({ id, error: String(error?.message ?? error) });
  }
}

async function end() {
  await Promise.all([...browsers.keys()].map(quit));
  process.exit(0);
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => carryOut(JSON.parse(line)));
lines.on('close', end);
