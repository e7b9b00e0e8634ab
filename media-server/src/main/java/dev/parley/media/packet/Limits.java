package dev.parley.media.packet;

/** Every bound of the media plane, with the reason for its size. */
public final class Limits {
  // Datagrams.

  /**
   * Longest datagram read or sent: Ethernet's MTU. A longer one is truncated by the read, counted
   * and dropped.
   */
  public static final int DATAGRAM_LENGTH_MAX = 1500;

  /**
   * Longest Opus payload carried. One Opus frame is at most 1275 bytes and its table-of-contents
   * byte one more (RFC 6716 section 3.4); the rest of a datagram is left for headers and the SRTP
   * tag.
   */
  public static final int PAYLOAD_LENGTH_MAX = 1280;

  /** Datagrams taken from the kernel with one call. */
  public static final int DATAGRAMS_PER_CALL_MAX = 64;

  /**
   * Datagrams read from one socket before its event loop looks at its other work: 20 ms of 500
   * people, or 3 ms of decryption.
   */
  public static final int DATAGRAMS_PER_READ_MAX = 512;

  /** Datagrams given to the kernel with one call. */
  public static final int DATAGRAMS_PER_SEND_MAX = 64;

  /**
   * Kernel buffer asked for, each way and socket: about 40 ms of 20 000 packets a second at 1 kB of
   * bookkeeping.
   */
  public static final int SOCKET_BUFFER_LENGTH = 4 << 20;

  // TCP connections.

  /** TCP connections of one event loop: one for each peer. */
  public static final int CONNECTIONS_PER_LOOP_MAX = 4096;

  /** Of these, those by which no authentic check has come yet. */
  public static final int UNPROVEN_CONNECTIONS_MAX = 512;

  /**
   * Of those, from one address: a few for each client behind one NAT that joins in the time of a
   * round trip.
   */
  public static final int UNPROVEN_CONNECTIONS_PER_ADDRESS_MAX = 64;

  /**
   * How long a connection may be nobody's before it is closed within a second: a client checks as
   * soon as it is connected.
   */
  public static final long UNPROVEN_CONNECTION_NS_MAX = 4_000_000_000L;

  /**
   * Connections one listener takes from one poll of its event loop to the next, 50 ms later: 640 a
   * second. A flood waits in the kernel and costs calls no more than that.
   */
  public static final int CONNECTIONS_PER_POLL_MAX = 32;

  /**
   * Bytes that may wait for one connection in our memory, and half as many unsent in the kernel's:
   * a handshake's flight, or half a second of three talkers.
   */
  public static final int CONNECTION_QUEUE_LENGTH_MAX = 8 << 10;

  /** Kernel buffer asked for on a connection, which holds what is sent until it is acknowledged. */
  public static final int CONNECTION_SEND_BUFFER_LENGTH = 32 << 10;

  // Rings between event loops and mix agents.

  /**
   * One ring's capacity: 8 000 voice packets of 130 bytes, so an agent may stall 200 ms with 800
   * talkers.
   */
  public static final int RING_CAPACITY = 1 << 20;

  /**
   * A ring fuller than this part of its capacity is emptied at once, even if its packets could
   * wait.
   */
  public static final int RING_FILLING_PART = 4;

  /**
   * Receivers of one {@link OutgoingPacket}; more receivers take more messages. Keeps one message
   * under 4 kB.
   */
  public static final int TARGETS_PER_MESSAGE_MAX = 128;

  /**
   * Contributing sources in one packet: the RTP header has four bits for the count (RFC 3550
   * section 5.1).
   */
  public static final int CSRC_COUNT_MAX = 15;

  /** Packets sent from one outbound ring before the loop reads its sockets again: about 1 ms. */
  public static final int TARGETS_PER_DRAIN_MAX = 256;

  /** Commands waiting for one event loop or agent; beyond that the caller hears "busy". */
  public static final int COMMANDS_MAX = 1024;

  /** Commands executed in one duty cycle, so that a burst of joins does not hold back media. */
  public static final int COMMANDS_PER_CYCLE_MAX = 32;

  // Peers.

  /** Peers one event loop serves: well beyond what one core can encrypt for. Sizes its tables. */
  public static final int PEERS_PER_LOOP_MAX = 4096;

  /** Lines (RTP streams towards one receiver) of a peer: forward slots, with room. */
  public static final int LINES_PER_PEER_MAX = 16;

  /**
   * Transport addresses remembered for one peer: its candidates that passed an authenticated check.
   */
  public static final int ADDRESSES_PER_PEER_MAX = 8;

  /**
   * SSRCs one peer may send on at a time. Each holds cipher contexts, so a peer cannot ask for
   * more.
   */
  public static final int SSRCS_PER_PEER_MAX = 8;

  // Packets sent again.

  /**
   * Newest packets of a stream that can be sent again: 1.28 s, longer than any jitter buffer waits
   * for one, and what the smallest SRTP replay window takes (RFC 3711 section 3.3.2).
   */
  public static final int RETRANSMITTABLE_PACKETS = 64;

  /**
   * Bytes one talker's packets to be sent again may take: all of them up to 96 kbit/s, fewer of a
   * talker who sends more.
   */
  public static final int RETRANSMITTABLE_LENGTH = 1 << 14;

  /**
   * Entries of NACKs read in one compound packet, each for up to 17 lost packets: a long gap on
   * every line of a listener.
   */
  public static final int NACK_ENTRIES_PER_COMPOUND_MAX = 32;

  /** Packets sent again to one peer in a second: all that three speakers lose at 60 % loss. */
  public static final int RETRANSMISSIONS_PER_SECOND_MAX = 100;

  /** Shortest time between two retransmissions of one packet, where the round trip is shorter. */
  public static final long RETRANSMISSION_INTERVAL_NS_MIN = 20_000_000L;

  /** And where it is longer, or claimed to be. */
  public static final long RETRANSMISSION_INTERVAL_NS_MAX = 500_000_000L;

  // Packets sent before their talker's turn.

  /**
   * Longest Opus packet of a talker that is kept for listeners who do not hear him yet: 96 kbit/s.
   */
  public static final int PRE_ROLL_PACKET_LENGTH_MAX = 256;

  // Hostile senders.

  /**
   * Failed SRTP authentications from one address within a second, after which no more is decrypted
   * that second.
   */
  public static final int AUTHENTICATION_FAILURES_PER_SECOND_MAX = 50;

  /**
   * STUN answers to checks that did not authenticate, for one address within a second. The rest get
   * silence.
   */
  public static final int STUN_ERRORS_PER_SECOND_MAX = 10;

  /**
   * Buckets that the limits per address share. A power of two; a collision only makes the limit
   * stricter.
   */
  public static final int ADDRESS_BUCKETS = 4096;

  /**
   * DTLS datagrams waiting for one peer's handshake: two flights of a browser, post-quantum shares
   * included.
   */
  public static final int DTLS_DATAGRAMS_PER_PEER_MAX = 16;

  // Parsers.

  /** RTCP packets read in one compound packet. */
  public static final int RTCP_PACKETS_PER_COMPOUND_MAX = 16;

  /** Header extension elements read in one RTP packet. */
  public static final int HEADER_EXTENSIONS_MAX = 16;

  /** Redundant blocks in one RED packet; browsers send one or two, and nine at most. */
  public static final int REDUNDANT_BLOCKS_MAX = 16;

  // Times.

  /**
   * Silence after which a peer counts as reconnecting: browsers send a check every 2.5 s or
   * oftener.
   */
  public static final long RECONNECTING_AFTER_NS = 5_000_000_000L;

  /** Silence after which consent to send has expired (RFC 7675 section 5.1). */
  public static final long CONSENT_EXPIRES_AFTER_NS = 30_000_000_000L;

  /** Commands for a conference that is on its way to its mix agent; the rest wait outside. */
  public static final int HELD_COMMANDS_MAX = 64;

  /**
   * Time from the answer to the first media path. Long enough for a browser that gathers behind a
   * slow resolver.
   */
  public static final long CONNECT_TIMEOUT_NS = 30_000_000_000L;

  /**
   * Mean interval of our RTCP reports to a peer whose packets get lost; each is drawn from half to
   * one and a half of it (RFC 3550 section 6.3.1).
   */
  public static final long RTCP_INTERVAL_NS = 1_000_000_000L;

  /**
   * After this long a peer gets a report though nothing was lost: the interval that RFC 3550
   * section 6.2 recommends, and that of browsers.
   */
  public static final long RTCP_QUIET_INTERVAL_NS = 5_000_000_000L;

  private Limits() {}
}
