package dev.parley.media.transport;

/** What an event loop counts; a drop has one counter for each reason. */
public enum TransportCounter {
  // Traffic.
  /** Datagrams read from sockets. */
  DATAGRAMS_RECEIVED("Datagrams received"),
  /** Their bytes. */
  BYTES_RECEIVED("Bytes received in datagrams"),
  /** Datagrams given to sockets. */
  DATAGRAMS_SENT("Datagrams sent"),
  /** Their bytes. */
  BYTES_SENT("Bytes sent in datagrams"),
  /** Voice packets handed to mix agents. */
  RTP_ACCEPTED("Voice packets handed to mix agents"),
  /** Voice packets sent. */
  RTP_SENT("Voice packets sent"),
  /** Of the voice packets sent, those with redundancy. */
  RED_SENT("Voice packets sent as RED"),
  /** Compound RTCP packets read. */
  RTCP_ACCEPTED("Compound RTCP packets read"),
  /** Compound RTCP packets sent. */
  RTCP_SENT("Compound RTCP packets sent"),
  /** Goodbyes read; leaving is signalled, so they change nothing. */
  RTCP_BYES("RTCP goodbyes read"),
  /** Entries of NACKs, each for up to 17 lost packets. */
  RTCP_NACKS("RTCP requests for lost packets"),
  /** Of the voice packets sent, those that their receiver had lost. */
  RTP_RETRANSMITTED("Voice packets sent again"),
  /** Checks that were authentic and accepted. */
  STUN_CHECKS("STUN checks accepted"),
  /** Times that a peer's media moved to another address. */
  ADDRESS_CHANGES("Changes of a peer's address"),
  /** Times that a peer's new ICE session took over from the one before. */
  ICE_RESTARTS("ICE restarts carried through"),
  // TCP.
  /** TCP connections taken. */
  TCP_CONNECTIONS_ACCEPTED("TCP connections accepted"),
  /** Of these, closed again by whichever side. */
  TCP_CONNECTIONS_CLOSED("TCP connections closed"),
  /** Of the closed, those that were no peer's in time, or made room for others. */
  TCP_CONNECTIONS_UNPROVEN("TCP connections closed because no peer's check came by them"),
  /** Not taken: the loop, or the strangers at one address, have their number. */
  TCP_CONNECTIONS_REFUSED("TCP connections refused because there were too many"),
  /** The system could not give out a connection. */
  TCP_ACCEPT_FAILURES("Failures to accept TCP connections"),
  /** Of the datagrams received, those by TCP. */
  TCP_FRAMES_RECEIVED("Packets received by TCP"),
  /** Longer than any packet of ours, which ends their connection. */
  TCP_FRAMES_TOO_LONG("TCP connections closed because of too long a packet"),
  /** The connection takes less than is sent. */
  TCP_SEND_QUEUE_FULL("Dropped: send queue of a TCP connection full"),
  // Peers.
  /** Peers added. */
  PEERS_ADDED("Peers added"),
  /** Peers removed. */
  PEERS_REMOVED("Peers removed"),
  /** Peers that became connected for the first time. */
  PEERS_CONNECTED("Peers connected"),
  /** Handshakes that failed. */
  DTLS_FAILURES("DTLS handshakes failed"),
  // Drops on the way in.
  /** Longer than any packet of ours. */
  DROPPED_TOO_LONG("Dropped: datagram too long"),
  /** Empty, or from a port that cannot be answered. */
  DROPPED_UNANSWERABLE("Dropped: empty or from port 0"),
  /** Neither STUN, DTLS, RTP nor RTCP. */
  DROPPED_UNKNOWN_KIND("Dropped: of no known kind"),
  /** STUN that cannot be read. */
  STUN_MALFORMED("Dropped: malformed STUN"),
  /** STUN other than a Binding request. */
  STUN_NOT_REQUEST("Dropped: STUN that is no request"),
  /** Requests that name no peer of this loop. */
  STUN_UNKNOWN_PEER("Refused: STUN check for an unknown peer"),
  /** Requests with a wrong name or signature. */
  STUN_NOT_AUTHENTIC("Refused: STUN check not authentic"),
  /** Requests that lack or demand something, or claim the wrong role. */
  STUN_REFUSED("Refused: STUN check incomplete or in conflict"),
  /** Errors not sent because their address had its share for this second. */
  STUN_ERRORS_SUPPRESSED("Suppressed: STUN errors over the rate limit"),
  /** DTLS from an address that has not passed a check. */
  DTLS_UNPROVEN_ADDRESS("Dropped: DTLS from an unproven address"),
  /** No place for another handshake. */
  DTLS_BUSY("Dropped: DTLS with every handshake place taken"),
  /** DTLS the session would not take: malformed, too much, or after its end. */
  DTLS_REFUSED("Dropped: DTLS refused by its session"),
  /** Media from an address that has not passed a check. */
  MEDIA_UNKNOWN_ADDRESS("Dropped: media from an unproven address"),
  /** Media before the handshake was done. */
  MEDIA_BEFORE_KEYS("Dropped: media before its keys"),
  /** Media from an address with too many failures this second. */
  MEDIA_OVER_FAILURE_LIMIT("Dropped: media of an address with too many failures"),
  /** Forged, damaged or under another key. */
  SRTP_NOT_AUTHENTIC("Dropped: SRTP not authentic"),
  /** Seen before, or too old. */
  SRTP_REPLAYED("Dropped: SRTP replayed"),
  /** Too short or inconsistent. */
  SRTP_MALFORMED("Dropped: malformed SRTP"),
  /** From one SSRC more than a peer may use. */
  SRTP_TOO_MANY_SSRCS("Dropped: SRTP with too many SSRCs"),
  /** The cipher library failed. */
  SRTP_CIPHER_FAILED("Dropped: SRTP cipher failure"),
  /** Authentic, but no RTP. */
  RTP_MALFORMED("Dropped: malformed RTP"),
  /** Authentic, but from a peer that negotiated not to send. */
  RTP_NOT_NEGOTIATED("Dropped: RTP of a peer that may not send"),
  /** Authentic, but padding alone. */
  RTP_WITHOUT_PAYLOAD("Dropped: RTP without payload"),
  /** Authentic, but longer than Opus can be. */
  RTP_TOO_LONG("Dropped: RTP with too long a payload"),
  /** The mix agent is behind. */
  INBOUND_RING_FULL("Dropped: inbound ring full"),
  /** Authentic, but no RTCP. */
  RTCP_MALFORMED("Dropped: malformed RTCP"),
  /** Entries of NACKs for streams that are not the peer's, or without NACK. */
  NACKS_NOT_NEGOTIATED("Refused: NACK entries for a stream without NACK"),
  /** Entries of NACKs beyond what is read of one compound packet. */
  NACKS_TOO_MANY("Refused: NACK entries over the bound of a compound packet"),
  /** Packets asked for that are too old, or were never sent. */
  NACKS_OUT_OF_WINDOW("Refused: lost packets too old, or not sent yet"),
  /** Packets asked for again before an answer can have come. */
  NACKS_TOO_SOON("Refused: lost packets asked for twice within a round trip"),
  /** Packets asked for when the peer had its share for this second. */
  NACKS_OVER_BUDGET("Refused: lost packets over the budget of a second"),
  // Drops on the way out.
  /** For a peer that is gone. */
  OUTGOING_UNKNOWN_PEER("Dropped: outgoing packet for an unknown peer"),
  /** For a peer that has no path, consent or keys. */
  OUTGOING_NOT_CONNECTED("Dropped: outgoing packet for a peer not connected"),
  /** For a line that was not negotiated. */
  OUTGOING_UNKNOWN_LINE("Dropped: outgoing packet for an unknown line"),
  /** Would not fit a datagram with its headers. */
  OUTGOING_TOO_LONG("Dropped: outgoing packet too long"),
  /** Could not be encrypted. */
  OUTGOING_NOT_PROTECTED("Dropped: outgoing packet that could not be encrypted"),
  /** Not what was sent under its number before; never seen but by a fault of ours. */
  RETRANSMISSION_ALTERED("Dropped: packet to be sent again that came out different"),
  /** The socket takes no more. */
  SEND_BUFFER_FULL("Dropped: send buffer full"),
  /** The kernel refused to hand out what it had received. */
  RECEIVE_FAILURES("Failures to read the socket"),
  /** The kernel refused to send. */
  SEND_FAILURES("Failures of the socket"),
  /** DTLS could not be sent: no path, or too much waiting. */
  DTLS_OUTPUT_DROPPED("Dropped: outgoing DTLS"),
  /** Times a loop waited before it read again, because nobody was forwarded anything. */
  READ_RESTS("Rests between two reads"),
  /** Commands that threw. */
  COMMAND_FAILURES("Commands that failed"),
  /** Cycles of the thread that threw: a mistake of ours. */
  CYCLES_FAILED("Cycles that failed");

  private final String label;

  TransportCounter(String label) {
    this.label = label;
  }

  /** What it is, for people. */
  public String label() {
    return label;
  }
}
