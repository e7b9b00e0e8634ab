package dev.parley.media.ice;

import dev.parley.media.packet.Limits;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of ICE for one peer: a lite agent (RFC 8445 section 2.5), which never sends
 * checks and is always controlled. An address becomes the peer's by an authentic check from it, so
 * peer-reflexive candidates and a NAT that rebinds need nothing special. Where media goes is the
 * peer's choice, by nomination. Owned by one event loop; time is an argument.
 */
public final class IceLiteAgent {
  /**
   * A pair of lower priority takes over only from a nomination at least this old. A peer that
   * nominates aggressively (RFC 5245 section 8.1.1.2) names all its pairs within moments and means
   * the best; one that really moves to a worse path, say from Wi-Fi to a relay, has gone silent on
   * the better one by then.
   */
  static final long NOMINATION_SETTLES_AFTER_NS = 1_000_000_000L;

  /**
   * Silence of the selected address after which media from another one of the peer's moves ours
   * there. A client that its NAT has moved does not know that it should nominate again, and sends
   * media on one path only.
   */
  static final long FOLLOWS_MEDIA_AFTER_NS = 1_000_000_000L;

  private static final int NONE = -1;

  private IceCredentials credentials;

  /** Of the ICE session that is to follow, or null. */
  private @Nullable IceCredentials next;

  private final IceTimes times;
  private final long startNs;
  private final @Nullable TransportAddress[] addresses =
      new TransportAddress[Limits.ADDRESSES_PER_PEER_MAX];
  private final long[] priorities = new long[Limits.ADDRESSES_PER_PEER_MAX];
  private final long[] heardNs = new long[Limits.ADDRESSES_PER_PEER_MAX];

  private int selected = NONE;
  private boolean nominated;
  private long nominationNs;
  private long lastConsentNs;
  private long lastHeardNs;
  private IceState state = IceState.CHECKING;
  private @Nullable TransportAddress forgotten;
  private @Nullable IceCredentials retired;

  /**
   * An agent that waits for its peer.
   *
   * @param nowNs when the answer with the credentials was given
   */
  public IceLiteAgent(IceCredentials credentials, IceTimes times, long nowNs) {
    this.credentials = credentials;
    this.times = times;
    startNs = nowNs;
  }

  /** Of the ICE session of now. */
  public IceCredentials credentials() {
    return credentials;
  }

  /** Of the ICE session that follows once the peer nominates in it; null if none has been begun. */
  public @Nullable IceCredentials nextCredentials() {
    return next;
  }

  /** The credentials under which a check with this fragment of ours is judged and answered. */
  public IceCredentials credentials(long packedFragment) {
    IceCredentials following = next;
    return following != null && following.packedLocalFragment() == packedFragment
        ? following
        : credentials;
  }

  /**
   * Begins ICE anew (RFC 8445 section 9): checks under the new credentials are taken from now on,
   * and those under the old ones still are, until the peer nominates a pair under the new. Media
   * goes on meanwhile where it went. What was begun before and not carried through is forgotten.
   */
  public void restart(IceCredentials following) {
    next = following;
  }

  /**
   * Takes in a Binding request whose user name begins with our fragment. Nothing of it is believed
   * before its signature is.
   *
   * @param request a valid message of type BINDING_REQUEST
   * @param from where it came from; kept if the check is authentic and the address new
   */
  public IceCheckResult onBindingRequest(
      StunMessage request, MessageIntegrity integrity, TransportAddress from, long nowNs) {
    forgotten = null;
    retired = null;
    if (!request.hasUsername() || !request.hasMessageIntegrity()) {
      return IceCheckResult.INCOMPLETE;
    }
    IceCredentials addressed = credentials(Ufrag.addressed(request));
    if (!isOurs(request, addressed) || !request.isAuthentic(integrity, addressed.key())) {
      return IceCheckResult.NOT_AUTHENTIC;
    }
    if (request.unknownAttributeCount() > 0) {
      return IceCheckResult.NOT_UNDERSTOOD;
    }
    if (request.hasIceControlled()) {
      return IceCheckResult.ROLE_CONFLICT;
    }
    return onAuthenticCheck(request, addressed, from, nowNs);
  }

  private static boolean isOurs(StunMessage request, IceCredentials credentials) {
    int length = credentials.usernameLength();
    if (request.usernameLength() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (request.usernameByte(i) != credentials.usernameByte(i)) {
        return false;
      }
    }
    return true;
  }

  private IceCheckResult onAuthenticCheck(
      StunMessage request, IceCredentials addressed, TransportAddress from, long nowNs) {
    int index = indexOf(from);
    boolean isNew = index == NONE;
    if (isNew) {
      index = place(nowNs);
      forgotten = addresses[index];
      addresses[index] = from;
    }
    priorities[index] = request.hasPriority() ? request.priority() : 0;
    lastConsentNs = nowNs;
    if (request.hasUseCandidate() && addressed == next) {
      follow(addressed);
    }
    if (request.hasUseCandidate()) {
      onNomination(index, nowNs);
    } else if (!nominated || isSilent(selected, times.reconnectingAfterNs(), nowNs)) {
      // Until the peer has chosen, answers to its handshake go where it was heard last; and when
      // its choice has fallen silent for longer than any pause between checks, wherever it is.
      selected = index;
    }
    onHeard(index, nowNs);
    return isNew ? IceCheckResult.NEW_ADDRESS : IceCheckResult.KNOWN_ADDRESS;
  }

  /** A free place, or that of the address not heard from for longest, which is then forgotten. */
  private int place(long nowNs) {
    int oldest = NONE;
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i] == null) {
        return i;
      }
      if (i != selected && (oldest == NONE || nowNs - heardNs[i] > nowNs - heardNs[oldest])) {
        oldest = i;
      }
    }
    return oldest;
  }

  /** The new ICE session has a pair: it takes over, whatever the old one had chosen. */
  private void follow(IceCredentials following) {
    retired = credentials;
    credentials = following;
    next = null;
    nominated = false;
  }

  private void onNomination(int index, long nowNs) {
    boolean takesOver =
        !nominated
            || index == selected
            || priorities[index] >= priorities[selected]
            || nowNs - nominationNs >= NOMINATION_SETTLES_AFTER_NS;
    if (takesOver) {
      selected = index;
      nominated = true;
      nominationNs = nowNs;
    }
  }

  /**
   * Takes note that something authentic other than a check came from the peer. It shows that the
   * peer is there, and where, but gives no consent.
   */
  public void onAuthentic(TransportAddress from, long nowNs) {
    int index = indexOf(from);
    if (index == NONE) {
      return;
    }
    if (selected == NONE || isSilent(selected, FOLLOWS_MEDIA_AFTER_NS, nowNs)) {
      selected = index;
    }
    onHeard(index, nowNs);
  }

  /**
   * Forgets an address that nothing can come from or go to any more, such as a TCP connection that
   * has been closed. If it was selected, whichever the peer uses next is.
   */
  public void onClosed(TransportAddress address) {
    int index = indexOf(address);
    if (index == NONE) {
      return;
    }
    addresses[index] = null;
    if (index == selected) {
      selected = NONE;
      nominated = false;
    }
  }

  private boolean isSilent(int index, long durationNs, long nowNs) {
    return nowNs - heardNs[index] > durationNs;
  }

  private void onHeard(int index, long nowNs) {
    heardNs[index] = nowNs;
    lastHeardNs = nowNs;
    if (state == IceState.CHECKING || state == IceState.RECONNECTING) {
      state = IceState.CONNECTED;
    }
  }

  /** How the path stands now. To be asked at least twice a second. */
  public IceState poll(long nowNs) {
    switch (state) {
      case CHECKING -> {
        if (nowNs - startNs >= times.connectTimeoutNs()) {
          state = IceState.CONNECT_TIMEOUT;
        }
      }
      case CONNECTED, RECONNECTING -> {
        if (nowNs - lastConsentNs >= times.consentExpiresAfterNs()) {
          state = IceState.CONSENT_EXPIRED;
        } else if (nowNs - lastHeardNs >= times.reconnectingAfterNs()) {
          state = IceState.RECONNECTING;
        }
      }
      case CONNECT_TIMEOUT, CONSENT_EXPIRED -> {
        // Both are for ever: a peer that returns has to offer again.
      }
    }
    return state;
  }

  /** True if media may be sent: there is a path, and consent on it has not expired. */
  public boolean maySend() {
    return state == IceState.CONNECTED || state == IceState.RECONNECTING;
  }

  /** Where to send, or null before the first authentic check. */
  public @Nullable TransportAddress selectedAddress() {
    return selected == NONE ? null : addresses[selected];
  }

  /** True once the peer has nominated a pair. */
  public boolean isNominated() {
    return nominated;
  }

  /** The address that the last check pushed out, or null: packets from there are nobody's now. */
  public @Nullable TransportAddress forgottenAddress() {
    return forgotten;
  }

  /** The credentials that the last check made old, or null: checks under them are nobody's now. */
  public @Nullable IceCredentials retiredCredentials() {
    return retired;
  }

  /** Places of {@link #address}; some may be empty. */
  public int addressCount() {
    return addresses.length;
  }

  /** An address of the peer's, or null. */
  public @Nullable TransportAddress address(int index) {
    return addresses[index];
  }

  private int indexOf(TransportAddress address) {
    for (int i = 0; i < addresses.length; i++) {
      if (isSame(address, addresses[i])) {
        return i;
      }
    }
    return NONE;
  }

  /** Who is known by an address asks with the very object, and then no other memory is read. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(TransportAddress address, @Nullable TransportAddress known) {
    return address == known || address.equals(known);
  }
}
