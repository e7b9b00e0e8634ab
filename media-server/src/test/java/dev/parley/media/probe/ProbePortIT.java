package dev.parley.media.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.stun.BindingProbe;
import dev.parley.common.stun.ProbeAddress;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProbePortIT {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long SECOND_NS = 1_000_000_000L;

  private final BindingProbe probe = new BindingProbe(new Random(1));
  private final UnsafeBuffer request = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final UnsafeBuffer answer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final StunMessageWriter writer = new StunMessageWriter(new MessageIntegrity());

  @Test
  void whoAsksIsAnsweredWhileThePortIsOpen() throws IOException {
    ProbePort port = ProbePort.open(List.of(LOOPBACK), 0, 1, System::nanoTime);
    String address = ProbeAddress.text(LOOPBACK, port.port());
    try (port) {
      assertThat(probe.ask(List.of(address), PATIENCE)).isEqualTo(BindingProbe.Outcome.ANSWERED);
    }
    // Counted once it is on its way, so perhaps after it has come.
    assertThat(port.value(ProbeCounter.ANSWERED)).isPositive();
    assertThat(probe.ask(List.of(address), PATIENCE)).isEqualTo(BindingProbe.Outcome.REFUSED);
  }

  @Test
  void noAddressIsNoEvidence() {
    assertThat(probe.ask(List.of(), PATIENCE)).isEqualTo(BindingProbe.Outcome.SILENT);
    assertThat(probe.ask(List.of("example.org:3478", "127.0.0.1"), PATIENCE))
        .isEqualTo(BindingProbe.Outcome.SILENT);
  }

  @Test
  void theAnswerSaysWhereTheProbeCameFromAndIsHardlyLonger() {
    ProbeAnswers answers = new ProbeAnswers(1);
    int length = writer.begin(request, 0, StunType.BINDING_REQUEST, 7, 8).finishPlain();

    int answerLength = answers.answer(request, length, from("203.0.113.7"), answer, 0);

    StunMessage message = new StunMessage();
    message.wrap(answer, 0, answerLength);
    byte[] mapped = new byte[4];
    message.getMappedAddress(mapped);
    assertThat(mapped).containsExactly(203, 0, 113, 7);
    assertThat(message.mappedPort()).isEqualTo(4000);
    assertThat(answerLength - length).isEqualTo(12);
    assertThat(answers.answer(request, length, from("2001:db8::7"), answer, 0) - length)
        .isEqualTo(24);
  }

  @Test
  void nothingElseIsAnswered() {
    ProbeAnswers answers = new ProbeAnswers(1);
    int response = writer.begin(request, 0, StunType.BINDING_SUCCESS, 7, 8).finishPlain();
    assertThat(answers.answer(request, response, from("203.0.113.7"), answer, 0)).isZero();
    request.setMemory(0, 20, (byte) 0);
    assertThat(answers.answer(request, 20, from("203.0.113.7"), answer, 0)).isZero();
    int unknown =
        writer.begin(request, 0, StunType.BINDING_REQUEST, 7, 8).username(new byte[8]).finish();
    request.putShort(20, (short) 0x7F00);
    assertThat(answers.answer(request, unknown, from("203.0.113.7"), answer, 0)).isZero();
    assertThat(answers.value(ProbeCounter.MALFORMED)).isEqualTo(3);
  }

  @Test
  void aSourceGetsSoManyAnswersASecondAndAllTogetherSoMany() {
    ProbeAnswers answers = new ProbeAnswers(1);
    int length =
        writer
            .begin(request, 0, StunType.BINDING_REQUEST, 7, 8)
            .finish(StunKey.ofPassword("whoever"));

    assertThat(answered(answers, length, "203.0.113.7", 60, SECOND_NS)).isEqualTo(50);
    assertThat(answered(answers, length, "203.0.113.7", 60, 3 * SECOND_NS)).isEqualTo(50);

    int all = 0;
    for (int host = 0; host < 200; host++) {
      all += answered(answers, length, "198.51." + host + ".1", 20, 5 * SECOND_NS);
    }
    assertThat(all).isEqualTo(ProbeAnswers.PER_SECOND);
    assertThat(answers.value(ProbeCounter.LIMITED_BY_SOURCE)).isEqualTo(20);
    assertThat(answers.value(ProbeCounter.LIMITED_BY_ALL)).isEqualTo(4000 - 2000);
  }

  private int answered(ProbeAnswers answers, int length, String host, int probes, long nowNs) {
    int answered = 0;
    for (int i = 0; i < probes; i++) {
      answered += answers.answer(request, length, from(host), answer, nowNs) > 0 ? 1 : 0;
    }
    return answered;
  }

  private static InetSocketAddress from(String host) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), 4000);
  }
}
