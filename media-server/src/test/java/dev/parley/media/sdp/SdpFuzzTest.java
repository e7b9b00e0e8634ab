package dev.parley.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the text, it is refused with a sentence or answered with an answer that fits it. */
class SdpFuzzTest {
  private static final List<NegotiationRules> RULES = List.of(Offers.RTC, Offers.WHIP, Offers.WHEP);

  /** One change to an offer: what is done at which line, with which text. */
  record Change(int kind, int line, int column, String text) {}

  @FuzzTest
  void anyBytesAreAnsweredOrRefused(byte[] bytes) {
    check(new String(bytes, StandardCharsets.UTF_8));
    // Most bytes do not get past the first line; these get into the m-line.
    check(Offers.SMALL + new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Property(tries = 3000)
  void damagedOffersOfBrowsersAreAnsweredOrRefused(
      @ForAll("recorded") String name, @ForAll("changes") List<Change> changes) {
    List<String> lines = new ArrayList<>(Offers.offer(name).lines().toList());
    for (Change change : changes) {
      apply(lines, change);
    }

    check(String.join("\r\n", lines));
  }

  @Provide
  Arbitrary<String> recorded() {
    return Arbitraries.of(Offers.ALL);
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.of(
                "0",
                "-1",
                "65536",
                "99999999999999999999",
                "a=mid:0",
                "a=sendonly",
                " ",
                "/",
                ":",
                "a=group:BUNDLE 0",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "a=extmap:1 urn:x",
                "\n"),
            Arbitraries.strings().ofMaxLength(8));
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 10_000),
            Arbitraries.integers().between(0, 100),
            text)
        .as(Change::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static void apply(List<String> lines, Change change) {
    if (lines.isEmpty()) {
      return;
    }
    int index = change.line() % lines.size();
    String line = lines.get(index);
    int column = Math.min(change.column(), line.length());
    switch (change.kind()) {
      case 0 -> lines.remove(index);
      case 1 -> lines.add(index, line);
      case 2 -> lines.set(index, line.substring(0, column) + change.text());
      case 3 ->
          lines.set(index, line.substring(0, column) + change.text() + line.substring(column));
      default -> lines.add(index, change.text());
    }
  }

  private static void check(String offer) {
    for (NegotiationRules rules : RULES) {
      switch (Negotiator.negotiate(offer, rules)) {
        case Negotiation.Refused refused -> {
          assertThat(refused.detail()).isNotBlank().endsWith(".");
          assertThat(refused.line()).isBetween(0, 65_536);
        }
        case Negotiation.Accepted accepted -> checkAnswer(offer, accepted.session());
      }
    }
  }

  /** The answer is itself well-formed and has the offer's lines, in the offer's order. */
  private static void checkAnswer(String offer, NegotiatedSession session) {
    String answer = Offers.answer(session);
    try {
      SdpOffer offered = OfferParser.parse(offer);
      SdpOffer answered = OfferParser.parse(answer);
      assertThat(answered.lines()).hasSameSizeAs(offered.lines());
      for (int i = 0; i < offered.lines().size(); i++) {
        assertThat(answered.lines().get(i).mid).isEqualTo(offered.lines().get(i).mid);
        assertThat(answered.lines().get(i).media).isEqualTo(offered.lines().get(i).media);
        assertThat(answered.lines().get(i).protocol).isEqualTo(offered.lines().get(i).protocol);
        boolean isServed = session.lines().get(i) instanceof NegotiatedLine.Audio;
        assertThat(answered.lines().get(i).port != 0).isEqualTo(isServed);
      }
      assertThat(offered.bundle()).containsAll(answered.bundle());
      assertThat(answered.bundle()).isEqualTo(session.bundle());
    } catch (OfferFault fault) {
      throw new AssertionError("line " + fault.line() + ": " + fault.detail() + "\n" + answer);
    }
  }
}
