package dev.parley.common.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {
  private final ControlCodec codec = new ControlCodec();

  @Test
  void unknownTypeIsAValue() {
    assertThat(codec.decodeSession("{\"type\":\"hold\",\"sequence\":7}"))
        .isEqualTo(new Decoded.Unknown<>("hold", 0));
  }

  @Test
  void unknownEventTellsItsSequenceSoThatItCanBeAcknowledged() {
    String report =
        "{\"type\":\"state\",\"sequence\":7,\"event\":{\"type\":\"participant-waved\",\"hand\":1}}";

    assertThat(codec.decodeMedia(report)).isEqualTo(new Decoded.Unknown<>("participant-waved", 7));
  }

  @Test
  void unknownTypeIsNotRepeatedIntoALog() {
    Decoded<MediaMessage> decoded =
        codec.decodeMedia("{\"type\":\"a\\n\\u001b[31m" + "x".repeat(300) + "\"}");

    assertThat(decoded).isInstanceOf(Decoded.Unknown.class);
    assertThat(((Decoded.Unknown<?>) decoded).type()).hasSize(64).matches("[ -~]*");
  }

  @Test
  void aMessageOfTheOtherDirectionIsUnknown() {
    assertThat(codec.decodeMedia("{\"type\":\"acknowledge\",\"sequence\":7}"))
        .isEqualTo(new Decoded.Unknown<>("acknowledge", 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "7",
        "\"state\"",
        "[]",
        "{",
        "{}",
        "{\"type\":7}",
        "{\"type\":null}",
        "{\"type\":\"acknowledge\"} {}",
        "{\"type\":\"heartbeat\"}",
        "{\"type\":\"heartbeat\",\"load\":null}",
        "{\"type\":\"state\",\"sequence\":\"7\",\"event\":{\"type\":\"conference-closed\","
            + "\"conference\":\"c\",\"epoch\":1,\"reason\":\"ENDED\"}}",
        "{\"type\":\"state\",\"sequence\":0,\"event\":{\"type\":\"conference-closed\","
            + "\"conference\":\"c\",\"epoch\":1,\"reason\":\"ENDED\"}}",
        "{\"type\":\"state\",\"sequence\":1.5,\"event\":{\"type\":\"conference-closed\","
            + "\"conference\":\"c\",\"epoch\":1,\"reason\":\"ENDED\"}}",
        "{\"type\":\"state\",\"sequence\":1,\"event\":{\"type\":\"conference-closed\","
            + "\"conference\":\"c\",\"epoch\":1,\"reason\":0}}",
        "{\"type\":\"state\",\"sequence\":1,\"event\":{\"type\":\"conference-closed\","
            + "\"conference\":\"../etc\",\"epoch\":1,\"reason\":\"ENDED\"}}",
        "{\"type\":\"state\",\"sequence\":1,\"event\":{\"type\":\"conference-closed\","
            + "\"epoch\":1,\"reason\":\"ENDED\"}}",
        "{\"type\":\"state\",\"sequence\":1,\"sequence\":2,\"event\":{\"type\":"
            + "\"conference-closed\",\"conference\":\"c\",\"epoch\":1,\"reason\":\"ENDED\"}}",
        "{\"type\":\"speakers\",\"conference\":\"c\",\"epoch\":1,\"levels\":[null]}",
        "{\"type\":\"speakers\",\"conference\":\"c\",\"epoch\":1,\"levels\":null}",
        "{\"type\":\"speakers\",\"conference\":\"c\",\"epoch\":1,"
            + "\"levels\":[{\"participant\":\"p\",\"levelDbov\":1}]}",
        "{\"type\":\"heartbeat\",\"load\":{\"cpu\":NaN}}"
      })
  void malformedIsAValue(String text) {
    assertThat(codec.decodeMedia(text)).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void deepNestingIsRefusedEvenInAnUnknownField() {
    String deep = "[".repeat(ControlLimits.NESTING_MAX) + "]".repeat(ControlLimits.NESTING_MAX);

    assertThat(codec.decodeSession("{\"type\":\"acknowledge\",\"sequence\":1,\"x\":" + deep + "}"))
        .isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void longStringIsRefused() {
    String longest = "x".repeat(ControlLimits.STRING_LENGTH_MAX);

    assertThat(codec.decodeMedia(busy(longest))).isInstanceOf(Decoded.Message.class);
    assertThat(codec.decodeMedia(busy(longest + "x"))).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void longFrameIsRefusedWhateverItHolds() {
    String text = busy("ok") + " ".repeat(ControlLimits.FRAME_LENGTH_MAX);

    assertThat(codec.decodeMedia(text)).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void frameLengthIsCountedInBytes() {
    String threeBytesEach = "\u20ac".repeat(40_000);
    String text = "{\"type\":\"x\",\"a\":\"" + threeBytesEach + "\",\"b\":\"" + threeBytesEach;

    assertThat(codec.decodeMedia(text + "\",\"c\":\"" + threeBytesEach + "\"}"))
        .isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decodeMedia(text + "\"}")).isEqualTo(new Decoded.Unknown<>("x", 0));
  }

  @Test
  void longNumberIsRefused() {
    assertThat(
            codec.decodeSession("{\"type\":\"acknowledge\",\"sequence\":" + "1".repeat(40) + "}"))
        .isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decodeSession("{\"type\":\"acknowledge\",\"sequence\":9223372036854775808}"))
        .isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void theLargestHelloFitsAFrame() {
    String id26 = "01JABCDEFGHJKMNPQRSTVWXYZ0";
    List<ConferenceSnapshot> conferences = new ArrayList<>();
    for (int i = 0; i < ControlLimits.PARTICIPANTS_MAX; i++) {
      ParticipantId participant = new ParticipantId("pt_" + id26);
      conferences.add(
          new ConferenceSnapshot(new ConferenceId("cf_" + id26), 1, List.of(participant)));
    }
    Hello hello =
        new Hello(
            1,
            new ServerId("ms"),
            "i",
            new Region("eu"),
            "1",
            ControlLimits.PARTICIPANTS_MAX,
            conferences);

    assertThatThrownBy(() -> codec.encode(helloOf(hello, conferences, 5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(codec.decodeMedia(codec.encode(hello))).isEqualTo(new Decoded.Message<>(hello));
  }

  private static Hello helloOf(Hello hello, List<ConferenceSnapshot> conferences, int times) {
    List<ConferenceSnapshot> many = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      many.addAll(conferences);
    }
    return new Hello(
        hello.protocol(),
        hello.server(),
        hello.incarnation(),
        hello.region(),
        hello.softwareVersion(),
        hello.participantsMax(),
        many);
  }

  @Test
  void gaugesThatReadNonsenseAreMadeHarmless() {
    ServerLoad load = new ServerLoad(Double.NaN, 0, 0, 0, 0, 7.5, false);

    assertThat(load.cpu()).isZero();
    assertThat(load.ringFill()).isEqualTo(1);
  }

  private static String busy(String detail) {
    return "{\"type\":\"result\",\"id\":\"c\",\"outcome\":{\"type\":\"busy\",\"detail\":\""
        + detail
        + "\"}}";
  }
}
