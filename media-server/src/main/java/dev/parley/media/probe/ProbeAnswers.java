package dev.parley.media.probe;

import dev.parley.media.ice.AddressRateLimiter;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Decides which datagrams get an answer, and writes it: the sender's own address, 12 bytes longer
 * than the shortest request (24 with IPv6), and only so often. Errors are not answered at all: who
 * forges an address gains nothing here. One thread; counts may be read by any.
 */
final class ProbeAnswers {
  /** A browser sends up to nine requests for one answer; an office has one address. */
  static final int PER_SOURCE_PER_SECOND = 50;

  /** A core answers some hundred thousand; more than this nobody needs. */
  static final int PER_SECOND = 2_000;

  private final StunMessage message = new StunMessage();
  private final StunMessageWriter writer = new StunMessageWriter(new MessageIntegrity());
  private final AddressRateLimiter sources;
  private final TokenBucket all = new TokenBucket(PER_SECOND);
  private final Map<ProbeCounter, LongAdder> counters = new EnumMap<>(ProbeCounter.class);

  /** The seed must be hard to guess, see {@link AddressRateLimiter}. */
  ProbeAnswers(int seed) {
    sources = new AddressRateLimiter(PER_SOURCE_PER_SECOND, seed);
    for (ProbeCounter counter : ProbeCounter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  /** Returns the answer's length, or 0 if there is none. */
  int answer(
      DirectBuffer request,
      int length,
      InetSocketAddress from,
      MutableDirectBuffer answer,
      long nowNs) {
    if (message.wrap(request, 0, length) != StunParseResult.VALID
        || message.type() != StunType.BINDING_REQUEST
        || message.unknownAttributeCount() > 0) {
      count(ProbeCounter.MALFORMED);
      return 0;
    }
    if (!sources.tryAcquire(from.getAddress().hashCode(), nowNs)) {
      count(ProbeCounter.LIMITED_BY_SOURCE);
      return 0;
    }
    if (!all.tryTake(nowNs)) {
      count(ProbeCounter.LIMITED_BY_ALL);
      return 0;
    }
    return writer
        .beginAnswer(answer, 0, StunType.BINDING_SUCCESS, message)
        .xorMappedAddress(from.getAddress().getAddress(), from.getPort())
        .finishPlain();
  }

  void count(ProbeCounter counter) {
    Objects.requireNonNull(counters.get(counter)).increment();
  }

  long value(ProbeCounter counter) {
    return Objects.requireNonNull(counters.get(counter)).sum();
  }
}
