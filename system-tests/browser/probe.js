// Runs in each page before the page's own scripts, and listens to what the page captures and plays, from outside: the
// page under test knows nothing of it. Loudness and onsets are found on the audio thread, sample by sample.
(() => {
  const EAR = `
    // One listener: keeps the last second, and the times at which sound began after a pause.
    class Ear extends AudioWorkletProcessor {
      constructor() {
        super();
        this.kept = new Float32Array(sampleRate);
        this.at = 0;
        this.heard = 0;
        this.quietBlocks = 1000;
        this.loudBlocks = 0;
        this.onsets = [];
        this.firstSoundMs = null;
        this.lastSoundMs = null;
        // The clock of the samples against the machine's: the least difference seen is the one without waiting.
        this.offsetMs = Infinity;
        this.nextOffsetMs = Infinity;
        this.window = 0;
        this.port.onmessage = () => this.port.postMessage({
          kept: this.kept.slice(), at: this.at, heard: this.heard, sampleRate,
          onsets: this.onsets.splice(0), firstSoundMs: this.firstSoundMs, lastSoundMs: this.lastSoundMs,
        });
      }

      nowMs() {
        const differenceMs = Date.now() - currentTime * 1000;
        this.nextOffsetMs = Math.min(this.nextOffsetMs, differenceMs);
        this.offsetMs = Math.min(this.offsetMs, differenceMs);
        if (++this.window === 400) {
          this.window = 0;
          this.offsetMs = this.nextOffsetMs;
          this.nextOffsetMs = Infinity;
        }
        return currentTime * 1000 + this.offsetMs;
      }

      process([input]) {
        const nowMs = this.nowMs();
        const samples = input[0];
        if (!samples) {
          return true;
        }
        let sum = 0;
        for (const sample of samples) {
          sum += sample * sample;
          this.kept[this.at] = sample;
          this.at = (this.at + 1) % this.kept.length;
        }
        this.heard += samples.length;
        const loud = Math.sqrt(sum / samples.length) > 0.02;
        if (loud) {
          this.firstSoundMs ??= nowMs;
          this.lastSoundMs = nowMs;
          // 40 ms of quiet before it make an onset; shorter gaps are the codec's.
          if (this.quietBlocks >= 15 && this.onsets.length < 500) {
            this.onsets.push(nowMs);
          }
          this.quietBlocks = 0;
        } else {
          this.quietBlocks += 1;
        }
        return true;
      }
    }
    registerProcessor('parley-ear', Ear);`;

  const probe = {
    connections: [],
    ears: [],
    clicks: {},
    story: [],
    trouble: [],
    context: null,
    ready: null,

    /** What the page asked of the browser and of the service, and what came of it, for when it does not go on; of late. */
    tell(words) {
      this.story.push(`${Math.round(performance.now())} ms: ${words}`);
      if (this.story.length > 200) {
        this.story.shift();
      }
    },

    /** The same of something that takes a while. */
    telling(words, promise) {
      this.tell(`${words} ...`);
      promise.then((value) => this.tell(`${words}: ${value?.status ?? 'done'}`), (error) => this.tell(`${words}: ${error}`));
      return promise;
    },

    /** Before any sound, so that a track is heard from its first sample. */
    prepare() {
      this.ready ??= (async () => {
        this.context = new AudioContext({ sampleRate: 48000 });
        await this.context.audioWorklet.addModule(URL.createObjectURL(new Blob([EAR], { type: 'text/javascript' })));
        await this.context.resume();
      })();
      return this.ready;
    },

    async listen(track, side) {
      try {
        await this.prepare();
        const source = this.context.createMediaStreamSource(new MediaStream([track]));
        const node = new AudioWorkletNode(this.context, 'parley-ear', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
        source.connect(node);
        this.ears.push({ side, track, source, node });
      } catch (error) {
        this.trouble.push(String(error));
      }
    },

    read(ear) {
      return new Promise((resolve) => {
        ear.node.port.onmessage = (event) => resolve(event.data);
        ear.node.port.postMessage('read');
      });
    },

    /** Share of a frequency in dB of full scale, by the Goertzel algorithm over the last second with a Hann window. */
    goertzel(samples, at, sampleRate, frequency) {
      const factor = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate);
      let before = 0;
      let last = 0;
      const count = samples.length;
      for (let i = 0; i < count; i++) {
        const hann = 1 - Math.cos((2 * Math.PI * i) / count);
        const now = samples[(at + i) % count] * hann + factor * last - before;
        before = last;
        last = now;
      }
      const power = last * last + before * before - factor * last * before;
      return 20 * Math.log10((2 * Math.sqrt(Math.max(power, 1e-20))) / count);
    },

    /** What a side hears: `local` is the microphone, `remote` all that is received. Onsets are told once. */
    async hear(side, frequencies) {
      await this.prepare();
      const live = this.ears.filter((ear) => ear.side === side && ear.track.readyState === 'live');
      const ears = side === 'local' ? live.slice(-1) : live; // A microphone opened again replaces the one before.
      const readings = await Promise.all(ears.map((ear) => this.read(ear)));
      const onsets = readings.flatMap((reading) => reading.onsets).sort((a, b) => a - b);
      return {
        trouble: this.trouble,
        tracks: readings.length,
        heard: Math.max(0, ...readings.map((reading) => reading.heard)),
        // Each ear has its own place in time; per frequency, the loudest track tells.
        levels: frequencies.map((frequency) => Math.max(-200, ...readings.map((reading) =>
          this.goertzel(reading.kept, reading.at, reading.sampleRate, frequency)))),
        onsets,
        firstSoundMs: least(readings.map((reading) => reading.firstSoundMs)),
        lastSoundMs: greatest(readings.map((reading) => reading.lastSoundMs)),
      };
    },

    /** The statistics that judge a browser whose sound cannot be tapped. */
    async stats() {
      const sums = { packetsReceived: 0, packetsSent: 0, packetsLost: 0, totalAudioEnergy: 0, totalSamplesDuration: 0, concealedSamples: 0, state: 'none' };
      for (const connection of this.connections.filter((one) => one.connectionState !== 'closed')) {
        sums.state = connection.connectionState;
        for (const [, stat] of await connection.getStats()) {
          if (stat.type === 'inbound-rtp' && stat.kind === 'audio') {
            sums.packetsReceived += stat.packetsReceived ?? 0;
            sums.packetsLost += stat.packetsLost ?? 0;
            sums.totalAudioEnergy += stat.totalAudioEnergy ?? 0;
            sums.totalSamplesDuration += stat.totalSamplesDuration ?? 0;
            sums.concealedSamples += stat.concealedSamples ?? 0;
          } else if (stat.type === 'outbound-rtp' && stat.kind === 'audio') {
            sums.packetsSent += stat.packetsSent ?? 0;
          }
        }
      }
      return sums;
    },
  };
  window.parleyProbe = probe;

  function least(values) {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  function greatest(values) {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  }

  if (!navigator.mediaDevices) {
    return; // about:blank
  }
  const NativeConnection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(...given) {
      super(...given);
      probe.connections.push(this);
      const number = probe.connections.length;
      for (const what of ['signaling', 'iceGathering', 'iceConnection', 'connection']) {
        this.addEventListener(`${what.toLowerCase()}statechange`, () =>
          probe.tell(`connection ${number}, ${what}: ${this[`${what}State`]}`));
      }
      this.addEventListener('track', (event) => probe.listen(event.track, 'remote'));
    }
  };
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await probe.telling('microphone', getUserMedia(constraints));
    for (const track of stream.getAudioTracks()) {
      probe.listen(track.clone(), 'local');
    }
    return stream;
  };
  const nativeFetch = window.fetch;
  window.fetch = (...given) => probe.telling(`fetch ${given[0]?.url ?? given[0]}`, nativeFetch.apply(window, given));
  addEventListener('click', (event) => {
    const id = event.target.closest?.('[id]')?.id;
    if (id) {
      probe.tell(`click on ${id}`);
      probe.clicks[id] = performance.timeOrigin + performance.now();
    }
  }, true);
})();
