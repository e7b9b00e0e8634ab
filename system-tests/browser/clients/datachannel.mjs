// A participant by libdatachannel, in C++: offers at once, and tells of its addresses by trickle ICE.
import { Audio, PeerConnection } from 'node-datachannel';
import { takePart } from './participant.mjs';

const OPUS = 111;

await takePart(({ sends, lines, ssrc, hear }) => {
  const connection = new PeerConnection('parley', { iceServers: [] });
  const found = [];
  const described = new Promise((resolve) => connection.onLocalDescription(resolve));
  connection.onLocalCandidate((candidate) => found.push(candidate));
  const gathered = new Promise((resolve) => {
    connection.onGatheringStateChange((state) => state === 'complete' && resolve());
  });
  const connected = new Promise((resolve, reject) => {
    connection.onStateChange((state) => {
      if (state === 'connected') {
        resolve();
      } else if (state === 'failed') {
        reject(new Error('the connection has failed'));
      }
    });
  });
  const tracks = [];
  for (let line = 0; line < Math.max(lines, 1); line++) {
    const isVoice = sends && line === 0;
    const audio = new Audio(`audio${line}`, isVoice ? (lines > 0 ? 'SendRecv' : 'SendOnly') : 'RecvOnly');
    audio.addOpusCodec(OPUS);
    if (isVoice) {
      audio.addSSRC(ssrc, 'voice', 'voice', 'voice');
    }
    const track = connection.addTrack(audio);
    track.onMessage(hear);
    tracks.push(track);
  }
  return {
    async offer() {
      connection.setLocalDescription();
      return described;
    },
    async accept(answer) {
      connection.setRemoteDescription(answer, 'answer');
    },
    async candidates() {
      await gathered;
      return found.map((candidate) => (candidate.startsWith('a=') ? candidate : `a=${candidate}`));
    },
    connected,
    send: (packet) => tracks[0].isOpen() && tracks[0].sendMessageBinary(packet),
    async close() {
      connection.close();
    },
  };
});
