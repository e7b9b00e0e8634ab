import { announce } from './announcer.js';
import { button, byId, element, icon, input, say } from './dom.js';

/** @typedef {import('../client/parley-client.js').ParleyClient} ParleyClient */
/** @typedef {import('../client/types.js').SharedFile} SharedFile */

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** What people share in a call, beside it, in a panel that opens and closes. */
export class FilesView {
  /** @param {() => void} onShow  Another panel gives way. */
  constructor(onShow) {
    this.onShow = onShow;
    /** @type {ParleyClient | null} */
    this.client = null;
    /** @type {Map<string, HTMLElement>} */
    this.entries = new Map();
    this.unread = 0;
    this.panel = byId('files');
    this.list = byId('file-list');
    this.uploads = byId('uploads');
    const chooser = input('file-input');
    button('open-files').addEventListener('click', () => this.show(this.panel.hidden !== false));
    button('close-files').addEventListener('click', () => this.show(false));
    button('share-file').addEventListener('click', () => chooser.click());
    chooser.addEventListener('change', () => {
      this.share([...(chooser.files ?? [])]);
      chooser.value = '';
    });
    const call = byId('call');
    call.addEventListener('dragover', (event) => {
      if (this.client?.mayShareFiles && event.dataTransfer?.types.includes('Files')) {
        event.preventDefault();
      }
    });
    call.addEventListener('drop', (event) => {
      if (this.client?.mayShareFiles && event.dataTransfer?.files.length) {
        event.preventDefault();
        this.show(true);
        this.share([...event.dataTransfer.files]);
      }
    });
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.show(false);
      }
    });
  }

  /** @param {ParleyClient} client */
  begin(client) {
    this.client = client;
    this.entries.clear();
    this.list.replaceChildren();
    this.uploads.replaceChildren();
    this.countUnread(0);
    say(byId('files-error'), '');
    this.show(false);
    client.addEventListener('files', (event) => {
      if (client === this.client) {
        const { files, added } = /** @type {CustomEvent} */ (event).detail;
        this.onFiles(files, added);
      }
    });
  }

  end() {
    this.client = null;
    this.show(false);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    const wasShown = !this.panel.hidden;
    const hadFocus = this.panel.contains(document.activeElement);
    this.panel.hidden = !isShown;
    button('open-files').setAttribute('aria-expanded', String(isShown));
    if (isShown) {
      this.onShow();
      byId('call').classList.add('with-chat');
      this.countUnread(0);
      button('share-file').focus();
    } else if (wasShown) {
      byId('call').classList.remove('with-chat');
      if (hadFocus) {
        button('open-files').focus();
      }
    }
  }

  /**
   * @param {SharedFile[]} files
   * @param {SharedFile | null} added
   */
  onFiles(files, added) {
    button('open-files').hidden = this.client?.mayShareFiles === false;
    const known = new Set(files.map(({ id }) => id));
    for (const [id, entry] of this.entries) {
      if (!known.has(id)) {
        entry.remove();
        this.entries.delete(id);
      }
    }
    const fresh = files.filter(({ id }) => !this.entries.has(id));
    for (const file of fresh) {
      const entry = this.entryOf(file);
      this.entries.set(file.id, entry);
      this.list.prepend(entry);
    }
    this.showThumbnails(fresh);
    byId('no-files').hidden = files.length > 0;
    if (added && !this.isOwn(added)) {
      announce(`${senderOf(added)} shares ${added.name}.`);
      if (this.panel.hidden) {
        this.countUnread(this.unread + 1);
      }
    }
  }

  /** @param {SharedFile[]} files */
  async showThumbnails(files) {
    const shown = new Map(files.flatMap((file) => (file.thumbnail ? [[file.thumbnail, file.id]] : [])));
    if (shown.size === 0) {
      return;
    }
    try {
      const links = await this.client?.fileLinks([...shown.keys()].slice(-200), { inline: true });
      for (const [thumbnail, url] of links ?? []) {
        const place = this.entries.get(shown.get(thumbnail) ?? '')?.querySelector('.file-picture');
        const picture = document.createElement('img');
        picture.alt = '';
        picture.src = url;
        place?.replaceChildren(picture);
      }
    } catch {
      // The names are there all the same.
    }
  }

  /** @param {SharedFile} file */
  entryOf(file) {
    const entry = document.createElement('li');
    entry.className = 'file';
    entry.dataset.file = file.id;
    const picture = document.createElement('span');
    picture.className = 'file-picture';
    picture.append(icon(file.kind === 'photo' ? 'photo' : 'file'));
    const words = document.createElement('div');
    const name = document.createElement('p');
    name.className = 'file-name';
    name.textContent = file.name;
    const about = document.createElement('p');
    about.className = 'file-about';
    about.textContent = `${inUnits(file.size)} \u00b7 ${this.isOwn(file) ? 'You' : senderOf(file)}`;
    const actions = document.createElement('p');
    actions.className = 'file-actions';
    actions.append(action('Download', `Download ${file.name}`, () => this.download(file)));
    if (this.isOwn(file) || this.client?.self?.role === 'host') {
      actions.append(action('Erase', `Erase ${file.name} for everyone`, () => this.erase(file)));
    }
    words.append(name, about, actions);
    entry.append(picture, words);
    return entry;
  }

  /** @param {SharedFile} file */
  isOwn(file) {
    return file.sender !== undefined && file.sender.identity === this.client?.self?.identity;
  }

  /** @param {File[]} files */
  share(files) {
    say(byId('files-error'), '');
    files.forEach((file) => this.shareOne(file));
  }

  /** @param {File} file */
  async shareOne(file) {
    const { client } = this;
    const giveUp = new AbortController();
    const entry = document.createElement('li');
    const progress = document.createElement('progress');
    progress.max = 1;
    progress.setAttribute('aria-label', `Sharing ${file.name}`);
    entry.append(file.name, progress, action('Cancel', `Do not share ${file.name}`, () => giveUp.abort()));
    this.uploads.append(entry);
    try {
      await client?.shareFile(file, {
        signal: giveUp.signal,
        onProgress: (share) => {
          progress.value = share;
        },
      });
      announce(`${file.name} is shared.`);
    } catch (error) {
      if (!giveUp.signal.aborted) {
        this.onTrouble(error);
      }
    } finally {
      entry.remove();
    }
  }

  /** @param {SharedFile} file */
  async download(file) {
    try {
      const url = (await this.client?.fileLinks([file.id]))?.get(file.id);
      if (url) {
        const link = document.createElement('a');
        link.href = url;
        link.download = file.name;
        link.rel = 'noopener';
        link.click();
      }
    } catch (error) {
      this.onTrouble(error);
    }
  }

  /** @param {SharedFile} file */
  async erase(file) {
    try {
      await this.client?.eraseFile(file.id);
      announce(`${file.name} is erased.`);
    } catch (error) {
      this.onTrouble(error);
    }
  }

  /** @param {unknown} error */
  onTrouble(error) {
    say(byId('files-error'), error instanceof Error ? error.message : String(error));
  }

  /** @param {number} count */
  countUnread(count) {
    this.unread = count;
    const badge = byId('files-unread');
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    button('open-files').setAttribute('aria-label', count === 0 ? 'Files' : `Files, ${count} new`);
  }
}

/** @param {SharedFile} file */
function senderOf(file) {
  return file.sender ? file.sender.name || file.sender.identity : 'The host of this service';
}

/**
 * @param {string} words
 * @param {string} label
 * @param {() => void} then
 */
function action(words, label, then) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'quiet small';
  made.textContent = words;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', then);
  return made;
}

/** @param {number} bytes */
function inUnits(bytes) {
  const power = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
