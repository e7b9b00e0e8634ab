package dev.parley.benchmarks.client;

import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The controlling ICE agent towards a lite one (RFC 8445 §6, RFC 7675): checks every candidate and
 * nominates at once, keeps the first that answers, and renews consent as Chromium does. It answers
 * checks, too, for some lite agents send them all the same. Knows no socket and no clock. Owner:
 * the client loop.
 */
final class IceControllingAgent {
  private static final long CHECK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Chromium checks a working pair each 2.5 s. */
  private static final long CONSENT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private static final long CONSENT_LIFE_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long HOST_PRIORITY = 0x7E00_1EFFL;

  /** Checks that may be unanswered at once; later ones push out the earliest. */
  private static final int OUTSTANDING = 64;

  private final List<InetSocketAddress> candidates;
  private final byte[] username;
  private final StunKey key;
  private final StunKey localKey;
  private final SplittableRandom random;
  private final long tieBreaker;
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunMessage message = new StunMessage();
  private final long[] transactions = new long[OUTSTANDING];
  private int nextTransaction;
  private int nextCandidate;
  private @Nullable InetSocketAddress selected;
  private long nextCheckNs;
  private long lastAnswerNs;
  private long checks;
  private long answers;
  private long refusals;

  IceControllingAgent(
      RemoteDescription remote, LocalDescription local, SplittableRandom random, long nowNs) {
    this.candidates = remote.candidates();
    this.username = (remote.ufrag() + ':' + local.ufrag()).getBytes(StandardCharsets.US_ASCII);
    this.key = StunKey.ofPassword(remote.password());
    this.localKey = StunKey.ofPassword(local.password());
    this.random = random;
    this.tieBreaker = random.nextLong();
    this.nextCheckNs = nowNs;
    this.lastAnswerNs = nowNs;
  }

  boolean isCheckDue(long nowNs) {
    return nowNs - nextCheckNs >= 0;
  }

  long nextCheckNs() {
    return nextCheckNs;
  }

  /**
   * Writes the next check and returns its length; send it to {@link #checkTarget}, asked before.
   */
  int writeCheck(UnsafeBuffer buffer, long nowNs) {
    long transaction = random.nextLong();
    transactions[nextTransaction] = transaction;
    nextTransaction = (nextTransaction + 1) % OUTSTANDING;
    checks++;
    if (selected == null) {
      nextCandidate = (nextCandidate + 1) % candidates.size();
      nextCheckNs = nowNs + CHECK_INTERVAL_NS;
    } else {
      // Between 0.8 and 1.2 of the interval, lest all clients check at one time (RFC 7675 §5.1).
      nextCheckNs = nowNs + (long) (CONSENT_INTERVAL_NS * (0.8 + 0.4 * random.nextDouble()));
    }
    return writer
        .begin(buffer, 0, StunType.BINDING_REQUEST, (int) (transaction >>> 7), transaction)
        .username(username)
        .iceControlling(tieBreaker)
        .useCandidate()
        .priority(HOST_PRIORITY)
        .finish(key);
  }

  InetSocketAddress checkTarget() {
    return selected == null ? candidates.get(nextCandidate) : selected;
  }

  /** Reads an answer; returns true if it is the first, which selects the pair. */
  boolean onMessage(UnsafeBuffer buffer, int length, InetSocketAddress source, long nowNs) {
    if (message.wrap(buffer, 0, length) != StunParseResult.VALID
        || !isOurs(message.transactionIdLow())) {
      return false;
    }
    if (message.type() == StunType.BINDING_ERROR) {
      refusals++;
      return false;
    }
    if (message.type() != StunType.BINDING_SUCCESS || !message.isAuthentic(integrity, key)) {
      return false;
    }
    answers++;
    lastAnswerNs = nowNs;
    if (selected != null) {
      return false;
    }
    selected = source;
    nextCheckNs = nowNs + CONSENT_INTERVAL_NS;
    return true;
  }

  /**
   * Writes the answer to a check of the server's (RFC 8445 §7.3); returns its length, or 0 if the
   * message is none.
   */
  int writeAnswer(UnsafeBuffer buffer, UnsafeBuffer check, int length, InetSocketAddress source) {
    if (message.wrap(check, 0, length) != StunParseResult.VALID
        || message.type() != StunType.BINDING_REQUEST
        || !message.isAuthentic(integrity, localKey)) {
      return 0;
    }
    return writer
        .beginAnswer(buffer, 0, StunType.BINDING_SUCCESS, message)
        .xorMappedAddress(source.getAddress().getAddress(), source.getPort())
        .finish(localKey);
  }

  /** The client's own address has changed: check at once, rather than within 2.5 s. */
  void checkNow(long nowNs) {
    nextCheckNs = nowNs;
  }

  /** The server's address, once it has answered. */
  @Nullable InetSocketAddress selected() {
    return selected;
  }

  boolean hasConsent(long nowNs) {
    return selected != null && nowNs - lastAnswerNs < CONSENT_LIFE_NS;
  }

  /** How far it has come, in words. */
  String progress() {
    return "checks " + checks + ", answers " + answers + ", refusals " + refusals;
  }

  private boolean isOurs(long transaction) {
    for (long outstanding : transactions) {
      if (outstanding == transaction && transaction != 0) {
        return true;
      }
    }
    return false;
  }
}
