// A participant by werift: WebRTC in TypeScript, with ICE, DTLS and SRTP of its own.
import { MediaStreamTrack, RTCPeerConnection, useOPUS } from 'werift';
import { takePart } from './participant.mjs';

const CONNECT_MS = 10_000;

await takePart(({ sends, lines, hear }) => {
  const connection = new RTCPeerConnection({ codecs: { audio: [useOPUS()] }, iceServers: [] });
  connection.onTrack.subscribe((track) => track.onReceiveRtp.subscribe((packet) => hear(packet.serialize())));
  const microphone = new MediaStreamTrack({ kind: 'audio' });
  if (sends) {
    connection.addTransceiver(microphone, { direction: lines > 0 ? 'sendrecv' : 'sendonly' });
  }
  for (let line = sends ? 1 : 0; line < lines; line++) {
    connection.addTransceiver('audio', { direction: 'recvonly' });
  }
  const connected = connection.connectionStateChange
    .watch((state) => state === 'connected' || state === 'failed', CONNECT_MS)
    .then(([state]) => {
      if (state !== 'connected') {
        throw new Error(`the connection is ${state}`);
      }
    });
  const offer = async () => {
    await connection.setLocalDescription(await connection.createOffer());
    return connection.localDescription.sdp;
  };
  return {
    offer,
    accept: (answer) => connection.setRemoteDescription({ type: 'answer', sdp: answer }),
    connected,
    send: (packet) => microphone.writeRtp(packet),
    restart() {
      connection.restartIce();
      return offer();
    },
    // Once DTLS is connected, werift leaves the checks to its peer. Ours is lite and sends none.
    restarted: () => Promise.all(connection.iceTransports.map((transport) => transport.start())),
    close: () => connection.close(),
  };
});
