/**
 * The operator's page: what the admin port tells of regions and media servers, asked for each two seconds, and the
 * buttons to steer them.
 *
 * @typedef {object} Region
 * @property {string} id
 * @property {'open' | 'isolated'} state
 * @property {number} servers
 * @property {number} participants
 * @property {number} participantsMax
 *
 * @typedef {object} Server
 * @property {string} id
 * @property {string} region
 * @property {string} incarnation
 * @property {'live' | 'full' | 'draining' | 'in-doubt' | 'lost'} state
 * @property {number} conferences
 * @property {{since: string, deadline: string}} [drain]
 * @property {number} [participants]
 * @property {number} [participantsMax]
 * @property {number} [cpu]
 */

const EVERY_MS = 2000;

/** @type {Record<string, string>} */
const STATE_WORDS = {
  open: 'open',
  isolated: 'isolated: nobody new',
  live: 'live',
  full: 'takes nobody new',
  draining: 'draining',
  'in-doubt': 'not heard of',
  lost: 'given up',
};

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
const deadline = /** @type {HTMLInputElement} */ (byId('deadline'));

/** @type {(() => Promise<void>) | null} */
let confirmed = null;
dialog.addEventListener('close', () => {
  if (dialog.returnValue === 'yes') {
    confirmed?.();
  }
  confirmed = null;
});

look();

/** Asks, shows, and asks again. */
async function look() {
  if (!document.hidden) {
    await show();
  }
  setTimeout(look, EVERY_MS);
}

async function show() {
  try {
    const [regions, servers] = await Promise.all([ask('GET', '/admin/regions'), ask('GET', '/admin/servers')]);
    showSums(servers.data);
    showRows('regions', regions.data, regionRow);
    showRows('servers', servers.data, serverRow);
    byId('seen').textContent = `As of ${new Date().toLocaleTimeString()}`;
    say('');
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      body: body && JSON.stringify(body),
      headers: body ? { 'Content-Type': 'application/json' } : {},
      signal: AbortSignal.timeout(10000),
    });
  } catch {
    throw new Error('The session service does not answer.');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.detail ?? `The session service answered with status ${response.status}.`);
  }
  return answer;
}

/** @param {string} trouble */
function say(trouble) {
  byId('trouble').textContent = trouble;
  byId('trouble').hidden = trouble === '';
}

/** @param {Server[]} servers */
function showSums(servers) {
  const sum = (/** @type {(server: Server) => number} */ of) => servers.reduce((all, server) => all + of(server), 0);
  const sums = [
    ['People in calls', sum((server) => server.participants ?? 0)],
    ['Conferences', sum((server) => server.conferences)],
    ['Media servers live', sum((server) => Number(server.state === 'live'))],
    ['draining, or worse', sum((server) => Number(server.state !== 'live'))],
  ];
  byId('sums').replaceChildren(...sums.map(([words, count]) => {
    const group = document.createElement('div');
    group.append(text('dt', String(words)), text('dd', String(count)));
    return group;
  }));
}

/**
 * Rows stay where they are, so that a button does not vanish below a finger.
 *
 * @template {{id: string}} T
 * @param {string} bodyId
 * @param {T[]} items
 * @param {(item: T) => HTMLElement[]} cells
 */
function showRows(bodyId, items, cells) {
  const body = byId(bodyId);
  const rows = new Map([...body.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.key, row]));
  items.sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
  for (const item of items) {
    const key = keyOf(item);
    const row = rows.get(key) ?? document.createElement('tr');
    rows.delete(key);
    const shown = JSON.stringify(item);
    if (/** @type {HTMLElement} */ (row).dataset.shown !== shown) {
      const hadFocus = row.contains(document.activeElement);
      Object.assign(/** @type {HTMLElement} */ (row).dataset, { key, shown });
      row.replaceChildren(...cells(item));
      if (hadFocus) {
        row.querySelector('button')?.focus();
      }
    }
    body.append(row);
  }
  rows.forEach((row) => row.remove());
  if (items.length === 0) {
    const none = document.createElement('tr');
    const cell = text('td', 'None that this node knows of.');
    cell.setAttribute('colspan', '7');
    none.append(cell);
    body.replaceChildren(none);
  }
}

/** @param {{id: string, incarnation?: string}} item */
function keyOf(item) {
  return `${item.id} ${item.incarnation ?? ''}`;
}

/** @param {Region} region */
function regionRow(region) {
  const isOpen = region.state === 'open';
  const act = button(isOpen ? 'Isolate' : 'Restore', `${isOpen ? 'Isolate' : 'Restore'} ${region.id}`, () => askFirst({
    title: isOpen ? `Isolate ${region.id}?` : `Restore ${region.id}?`,
    words: isOpen ? 'New conferences stay out of the region. Calls that are there go on.' : 'New conferences may come to the region again.',
    yes: isOpen ? 'Isolate' : 'Restore',
    then: () => ask('POST', `/admin/regions/${encodeURIComponent(region.id)}/${isOpen ? 'isolate' : 'restore'}`, {}),
  }));
  return [
    text('th', region.id),
    state(region.state),
    number(region.servers),
    number(region.participants),
    bar(region.participantsMax > 0 ? region.participants / region.participantsMax : 0),
    cellOf(act),
  ];
}

/** @param {Server} server */
function serverRow(server) {
  const cells = [
    text('th', server.id),
    text('td', server.region),
    state(server.state),
    number(server.conferences),
    number(server.participants ?? 0),
    bar(server.cpu ?? 0),
  ];
  const name = `${server.id} in ${server.region}`;
  if (server.state === 'live') {
    cells.push(cellOf(button('Drain', `Drain ${name}`, () => askFirst({
      title: `Drain ${server.id}?`,
      words: 'Its conferences go to other servers, each in a quiet moment, and no call is cut. Nobody new comes to it.',
      yes: 'Drain',
      asksDeadline: true,
      then: () => ask('POST', serverPath(server, 'drain'), { deadlineSec: 60 * Number(deadline.value) }),
    }))));
  } else if (server.state === 'draining') {
    cells.push(cellOf(button('Stop draining', `Stop draining ${name}`, () => act(() => ask('POST', serverPath(server, 'undrain'), {})))));
  } else {
    cells.push(cellOf());
  }
  return cells;
}

/**
 * @param {Server} server
 * @param {string} verb
 */
function serverPath(server, verb) {
  return `/admin/servers/${encodeURIComponent(server.id)}/${verb}`;
}

/** @param {{title: string, words: string, yes: string, asksDeadline?: boolean, then: () => Promise<unknown>}} question */
function askFirst({ title, words, yes, asksDeadline = false, then }) {
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = words;
  byId('confirm-yes').textContent = yes;
  byId('deadline-field').hidden = !asksDeadline;
  confirmed = () => act(then);
  dialog.returnValue = '';
  dialog.showModal();
}

/** @param {() => Promise<unknown>} then */
async function act(then) {
  try {
    await then();
    await show();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} tag
 * @param {string} words
 */
function text(tag, words) {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}

/** @param {number} value */
function number(value) {
  const made = text('td', value.toLocaleString());
  made.className = 'number';
  return made;
}

/** @param {string} value */
function state(value) {
  const made = document.createElement('td');
  const badge = text('span', STATE_WORDS[value] ?? value);
  badge.className = 'state';
  badge.dataset.state = value;
  made.append(badge);
  return made;
}

/** @param {number} share */
function bar(share) {
  const made = document.createElement('td');
  const meter = document.createElement('meter');
  Object.assign(meter, { min: 0, max: 1, low: 0.7, high: 0.9, optimum: 0, value: Math.min(1, share) });
  made.append(meter, ` ${Math.round(100 * share)} %`);
  return made;
}

/** @param {HTMLElement} [content] */
function cellOf(content) {
  const made = document.createElement('td');
  made.className = 'act';
  if (content) {
    made.append(content);
  }
  return made;
}

/**
 * @param {string} words
 * @param {string} label
 * @param {() => void} then
 */
function button(words, label, then) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = words;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', then);
  return made;
}
export {};
