import { listDevices } from '../client/parley-client.js';
import { byId, element, input, select } from './dom.js';
import { prefer, preferences } from './preferences.js';

/**
 * The dialog with the sound settings. Each choice counts at once. Events: `microphone`, `output`, `listening`.
 */
export class Settings extends EventTarget {
  constructor() {
    super();
    this.dialog = element('settings', HTMLDialogElement);
    for (const opener of document.querySelectorAll('[data-opens-settings]')) {
      opener.addEventListener('click', () => this.open());
    }
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) {
        this.dialog.close();
      }
    });
    select('processing').value = preferences.processing;
    select('theme').value = preferences.theme;
    input('shortcut').checked = preferences.shortcut;
    for (const choice of this.listeningChoices()) {
      choice.checked = choice.value === preferences.listening;
      choice.addEventListener('change', () => this.choose({ listening: /** @type {any} */ (choice.value) }, 'listening'));
    }
    this.onChoice('input-device', (value) => this.choose({ inputDeviceId: value }, 'microphone'));
    this.onChoice('output-device', (value) => this.choose({ outputDeviceId: value }, 'output'));
    this.onChoice('processing', (value) => this.choose({ processing: /** @type {any} */ (value) }, 'microphone'));
    this.onChoice('theme', (value) => this.choose({ theme: /** @type {any} */ (value) }, 'theme'));
    input('shortcut').addEventListener('change', () => prefer({ shortcut: input('shortcut').checked }));
    navigator.mediaDevices?.addEventListener('devicechange', () => this.showDevices());
    this.applyTheme();
  }

  open() {
    this.showDevices();
    this.dialog.showModal();
  }

  async showDevices() {
    const { inputs, outputs } = await listDevices();
    fill(select('input-device'), inputs, preferences.inputDeviceId, 'Microphone');
    fill(select('output-device'), outputs, preferences.outputDeviceId, 'Speaker');
    byId('output-field').hidden = outputs.length === 0 || !('setSinkId' in HTMLAudioElement.prototype);
  }

  /**
   * @param {string} id
   * @param {(value: string) => void} then
   */
  onChoice(id, then) {
    select(id).addEventListener('change', () => then(select(id).value));
  }

  /**
   * @param {Partial<import('./preferences.js').Preferences>} changes
   * @param {string} what
   */
  choose(changes, what) {
    prefer(changes);
    this.applyTheme();
    this.dispatchEvent(new CustomEvent(what));
  }

  applyTheme() {
    document.documentElement.dataset.theme = preferences.theme;
  }

  /** @returns {HTMLInputElement[]} */
  listeningChoices() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.dialog.querySelectorAll('input[name="listening"]'))];
  }
}

/**
 * @param {HTMLSelectElement} list
 * @param {MediaDeviceInfo[]} devices
 * @param {string} chosen
 * @param {string} kind
 */
function fill(list, devices, chosen, kind) {
  const named = devices.filter((device) => device.deviceId !== 'default' && device.deviceId !== 'communications');
  list.replaceChildren(
    new Option('System default', ''),
    ...named.map((device, index) => new Option(device.label || `${kind} ${index + 1}`, device.deviceId)),
  );
  list.value = named.some((device) => device.deviceId === chosen) ? chosen : '';
}
