package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The vector that the reference libraries of Standard Webhooks share, and what rotation adds. */
final class StandardWebhooksVectorTest {
  private static final String MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
  private static final String BODY = "{\"test\": 2432232314}";
  private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void signatureIsTheReferences() {
    assertThat(SECRET.sign(MESSAGE, AT.getEpochSecond(), BODY)).isEqualTo(SIGNATURE);
  }

  @Test
  void secretBeforeSignsForADayBesideTheNewOne() {
    Endpoint endpoint =
        new Endpoint(
            "we_1",
            "t",
            new Endpoint.Target(URI.create("https://hooks.example"), null, Set.of()),
            Endpoint.Status.ENABLED,
            SECRET,
            null,
            "",
            AT,
            1);
    assertThat(endpoint.sign(MESSAGE, AT, BODY)).isEqualTo(SIGNATURE);

    Endpoint rotated = endpoint.rotated(Secret.draw(), AT.minus(Endpoint.RETIREMENT).plusMillis(1));

    assertThat(rotated.toString())
        .doesNotContain("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", rotated.secret().text());
    assertThat(rotated.sign(MESSAGE, AT, BODY))
        .matches("v1,[A-Za-z0-9+/=]{44} .*")
        .endsWith(SIGNATURE);
    assertThat(rotated.sign(MESSAGE, AT.plus(Duration.ofMillis(1)), BODY))
        .matches("v1,[A-Za-z0-9+/=]{44}");
  }

  @Test
  void secretIsDrawnAsTheStandardWantsAndDoesNotShowItself() {
    Secret drawn = Secret.draw();

    assertThat(drawn.text()).matches("whsec_[A-Za-z0-9+/]{43}=").isNotEqualTo(Secret.draw().text());
    assertThat(drawn.toString()).doesNotContain(drawn.text().substring(6));
  }
}
