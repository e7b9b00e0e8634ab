package dev.parley.media.transport;

import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SrtpSender;
import java.util.List;

/**
 * Both directions' SRTP contexts of one peer. Built on the handshake's thread, since deriving keys
 * takes longer than many packets; from then on owned by the event loop.
 *
 * @param receiver checks and decrypts what the peer sends
 * @param sender encrypts what it is sent
 */
record Keys(SrtpReceiver receiver, SrtpSender sender) {
  /** We are the DTLS server: the peer writes with the client's key. */
  static Keys derive(SrtpKeys keys, int reportSsrc, List<OutgoingLine> lines) {
    SrtpSender sender = new SrtpSender(keys.profile(), keys.serverWrite());
    sender.of(reportSsrc);
    for (OutgoingLine line : lines) {
      sender.of(line.ssrc());
    }
    return new Keys(new SrtpReceiver(keys.profile(), keys.clientWrite()), sender);
  }

  /** Frees the native memory. */
  void close() {
    receiver.close();
    sender.close();
  }
}
