import { button, byId, element, input, inMinutes, say } from './dom.js';

/** @typedef {import('../client/parley-client.js').SessionApi} SessionApi */
/** @typedef {import('../client/types.js').Conversation} Conversation */
/** @typedef {import('../client/types.js').ConversationContent} ConversationContent */

const PAGE_SIZE = 20;
/** So long what is shown can be heard or saved. */
const LINK_SEC = 3600;

/** The conversations that we had, in a dialog: found by tags, all of which must fit, and opened. */
export class PastView {
  /** @param {() => SessionApi | null} apiOf  With a token of ours; null while there is none. */
  constructor(apiOf) {
    this.apiOf = apiOf;
    /** @type {Map<string, string>} */
    this.wanted = new Map();
    this.next = '';
    /** Counts what was asked for: an answer to an earlier question is old news. */
    this.asked = 0;
    this.dialog = element('past', HTMLDialogElement);
    this.list = byId('past-list');
    for (const opener of openers()) {
      opener.addEventListener('click', () => this.open());
    }
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) {
        this.dialog.close();
      }
    });
    this.dialog.addEventListener('close', () => this.forget());
    element('past-search', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.add(input('past-tag').value.trim());
    });
    button('past-more').addEventListener('click', () => this.read());
    this.offer();
  }

  /** The way here is open to those who may have had conversations. */
  offer() {
    const isKnown = this.apiOf() !== null;
    openers().forEach((opener) => {
      opener.hidden = !isKnown;
    });
  }

  open() {
    this.dialog.showModal();
    this.search();
  }

  /** What is taken out of a page would play on. */
  forget() {
    this.asked += 1;
    this.list.querySelectorAll('audio').forEach((audio) => audio.pause());
    this.list.replaceChildren();
  }

  /** @param {string} text  A tag, or nothing to search by those that there are. */
  add(text) {
    const tag = tagOf(text);
    const trouble = text !== '' && !tag ? 'Write a tag as its name, a colon and its value, such as project:x.' : '';
    this.trouble(trouble);
    input('past-tag').setAttribute('aria-invalid', String(trouble !== ''));
    if (trouble === '') {
      if (tag) {
        this.wanted.set(...tag);
        input('past-tag').value = '';
      }
      this.search();
    }
    input('past-tag').focus();
  }

  search() {
    this.forget();
    this.next = '';
    this.showWanted();
    this.read();
  }

  /** Reads the next page. */
  async read() {
    const api = this.apiOf();
    const asked = (this.asked += 1);
    const cursor = this.next === '' ? {} : { cursor: this.next };
    button('past-more').hidden = true;
    say(byId('past-found'), '');
    try {
      const page = await api?.conversations({ tags: Object.fromEntries(this.wanted), limit: PAGE_SIZE, ...cursor });
      if (page && asked === this.asked) {
        this.trouble('');
        this.list.append(...page.data.map((conversation) => this.entryOf(conversation)));
        this.next = page.next ?? '';
        button('past-more').hidden = this.next === '';
        say(byId('past-found'), this.foundWords());
      }
    } catch (error) {
      if (asked === this.asked) {
        this.trouble(wordsOf(error));
        button('past-more').hidden = this.next === '';
      }
    }
  }

  foundWords() {
    const count = this.list.children.length;
    const words = count === 1 ? 'One conversation' : `${count} conversations`;
    if (count > 0 || this.next !== '') {
      return this.next === '' ? `${words}.` : `${words}, and there may be more.`;
    }
    return this.wanted.size > 0 ? 'No conversation has all of these tags.' : 'A call is listed here some seconds after its end.';
  }

  showWanted() {
    const chips = [...this.wanted].map(([name, value]) => {
      const chip = tagButton(`${name}:${value}`, `Search without ${name}:${value}`);
      chip.classList.add('is-wanted');
      chip.addEventListener('click', () => this.toggle(name, value));
      return inItem(chip);
    });
    byId('past-wanted').replaceChildren(...chips);
    byId('past-wanted').hidden = chips.length === 0;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  toggle(name, value) {
    if (this.wanted.get(name) === value) {
      this.wanted.delete(name);
    } else {
      this.wanted.set(name, value);
    }
    this.search();
    input('past-tag').focus();
  }

  /** @param {Conversation} conversation */
  entryOf(conversation) {
    const item = document.createElement('li');
    item.dataset.conversation = conversation.id;
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    const title = document.createElement('strong');
    title.textContent = conversation.title || 'Conversation';
    const about = document.createElement('span');
    about.className = 'hint';
    about.textContent = whenOf(conversation);
    const content = document.createElement('div');
    content.className = 'past-content';
    summary.append(title, about);
    details.append(summary, content);
    details.addEventListener('toggle', () => {
      if (details.open && content.childElementCount === 0) {
        this.fill(conversation.id, content);
      }
    });
    item.append(details);
    const tags = Object.entries(conversation.tags);
    if (tags.length > 0) {
      item.append(this.tagsOf(tags));
    }
    return item;
  }

  /** @param {[string, string][]} tags */
  tagsOf(tags) {
    const list = document.createElement('ul');
    list.className = 'tags';
    list.setAttribute('aria-label', 'Tags');
    list.append(...tags.map(([name, value]) => {
      const tag = tagButton(`${name}:${value}`, `Search for ${name}:${value}, too`);
      const isWanted = this.wanted.get(name) === value;
      tag.disabled = isWanted;
      tag.classList.toggle('is-wanted', isWanted);
      tag.addEventListener('click', () => this.toggle(name, value));
      return inItem(tag);
    }));
    return list;
  }

  /**
   * @param {string} id
   * @param {HTMLElement} content
   */
  async fill(id, content) {
    const api = this.apiOf();
    const note = document.createElement('p');
    note.className = 'hint';
    note.textContent = 'Just a moment\u2026';
    content.replaceChildren(note);
    try {
      const conversation = await api?.conversation(id);
      if (api && conversation) {
        const left = [...(await heard(api, conversation)), ...(await saved(api, conversation))];
        say(note, contentWords(conversation, left.length));
        content.append(...left);
      }
    } catch (error) {
      // Closed and opened again, it is asked for again.
      content.replaceChildren();
      this.trouble(wordsOf(error));
    }
  }

  /** @param {string} words */
  trouble(words) {
    say(byId('past-error'), words);
  }
}

function openers() {
  return /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-opens-past]'));
}

/**
 * @param {string} text
 * @returns {[string, string] | null}
 */
function tagOf(text) {
  const colon = text.indexOf(':');
  return colon < 1 ? null : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

/**
 * @param {string} text
 * @param {string} label
 */
function tagButton(text, label) {
  const tag = document.createElement('button');
  tag.type = 'button';
  tag.className = 'quiet small tag';
  tag.textContent = text;
  tag.setAttribute('aria-label', label);
  return tag;
}

/** @param {HTMLElement} element */
function inItem(element) {
  const item = document.createElement('li');
  item.append(element);
  return item;
}

/** @param {Conversation} conversation */
function whenOf({ startedAt, createdAt, endedAt }) {
  const at = new Date(startedAt ?? createdAt);
  const when = at.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return endedAt ? `${when} \u00b7 ${inMinutes(new Date(endedAt).getTime() - at.getTime())} min` : when;
}

/**
 * @param {ConversationContent} conversation
 * @param {number} count  Of files and recorded tracks.
 */
function contentWords({ messageCount }, count) {
  const messages = messageCount === undefined ? '' : messageCount === 1 ? 'One message' : `${messageCount || 'No'} messages`;
  const nothing = count > 0 ? '' : messages ? ', no files and no recordings' : 'No files and no recordings';
  return messages + nothing === '' ? '' : `${messages}${nothing}.`;
}

/**
 * The tracks of its recordings, to be played and saved.
 *
 * @param {SessionApi} api
 * @param {ConversationContent} conversation
 * @returns {Promise<HTMLElement[]>}
 */
async function heard(api, { id, recordings = [] }) {
  const tracks = recordings.flatMap(({ mode, segments }) => segments.flatMap(({ number, tracks: parts }) => parts
    .flatMap(({ objectId }) => (objectId ? [{ objectId, name: nameOf(mode, number, segments.length) }] : []))));
  const urls = await addresses(api, id, tracks.map(({ objectId }) => objectId), 'inline');
  return tracks.flatMap(({ objectId, name }) => {
    const url = urls.get(objectId);
    if (!url) {
      return [];
    }
    const place = document.createElement('p');
    const audio = document.createElement('audio');
    audio.controls = true;
    audio.preload = 'none';
    audio.src = url;
    audio.setAttribute('aria-label', name);
    const link = download(url, 'recording', `${objectId}.opus`);
    link.setAttribute('aria-label', `Download ${name}`);
    place.append(audio, link);
    return [place];
  });
}

/**
 * @param {string} mode
 * @param {number} segment
 * @param {number} count
 */
function nameOf(mode, segment, count) {
  const what = mode === 'mix' ? 'Recording of everybody' : 'Recording of one voice';
  return count > 1 ? `${what}, part ${segment}` : what;
}

/**
 * Its files, to be saved.
 *
 * @param {SessionApi} api
 * @param {ConversationContent} conversation
 * @returns {Promise<HTMLElement[]>}
 */
async function saved(api, { id, files = [] }) {
  const urls = await addresses(api, id, files.map((file) => file.id), 'attachment');
  return files.flatMap((file) => {
    const url = urls.get(file.id);
    const place = document.createElement('p');
    place.append(url ? download(url, file.name, file.name) : `${file.name} cannot be read.`);
    return [place];
  });
}

/**
 * @param {string} url
 * @param {string} name
 * @param {string} fileName
 */
function download(url, name, fileName) {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.rel = 'noopener';
  link.textContent = `Download ${name}`;
  return link;
}

/**
 * @param {SessionApi} api
 * @param {string} id
 * @param {string[]} objectIds
 * @param {'attachment' | 'inline'} disposition
 * @returns {Promise<Map<string, string>>}
 */
async function addresses(api, id, objectIds, disposition) {
  if (objectIds.length === 0) {
    return new Map();
  }
  const { data } = await api.linkConversation(id, objectIds.slice(0, 200), { disposition, ttlSec: LINK_SEC });
  return new Map(data.flatMap((link) => (link.url ? [/** @type {[string, string]} */ ([link.id, link.url])] : [])));
}

/** @param {unknown} error */
function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}
