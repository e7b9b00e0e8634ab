const NOTES_HZ = [660, 990];
const NOTE_SEC = 0.24;
const RAMP_SEC = 0.01;
const LOUDNESS = 0.1;

/** Plays what those who hear a mix hear from the service when a recording begins: two short notes. */
export function playTone() {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.connect(context.destination);
  const begin = context.currentTime + 0.02;
  const notes = NOTES_HZ.map((hertz, i) => {
    const at = begin + i * NOTE_SEC;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + RAMP_SEC);
    gain.gain.setValueAtTime(LOUDNESS, at + NOTE_SEC - RAMP_SEC);
    gain.gain.linearRampToValueAtTime(0, at + NOTE_SEC);
    const note = new OscillatorNode(context, { frequency: hertz });
    note.connect(gain);
    note.start(at);
    note.stop(at + NOTE_SEC);
    return note;
  });
  notes.at(-1)?.addEventListener('ended', () => context.close());
}
