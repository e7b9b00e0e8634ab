package dev.parley.systemtests.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Report report = new Report("talk", null);

  @Test
  void reportWithoutAnyDemandDoesNotHold() {
    report.tell("browser", "Chrome");

    assertThat(report.holds()).isFalse();
  }

  @Test
  void oneFigureOverItsLimitFails() {
    report.atMost("delay", 100, 250, "ms");
    assertThat(report.holds()).isTrue();

    report.atMost("first audio", 2000.5, 2000, "ms");

    assertThat(report.holds()).isFalse();
  }

  @Test
  void whatWasNotMeasuredFails() {
    report.atMost("delay", Double.NaN, 250, "ms");

    assertThat(report.holds()).isFalse();
    assertThat(printed()).contains("not measured").contains("FALLS SHORT: 1 of 1");
  }

  @Test
  void figuresHaveTwoDigitsAtLeast() {
    report.atMost("cost", 0.1534, 0.2, "%");
    report.atMost("delay", 8.94, 20, "ms");
    report.atMost("rate", 1536.4, 2000, "");

    assertThat(printed()).contains("0.15 % ").contains("8.9 ms").contains("1536 ");
  }

  @Test
  void verdictIsTheLastLine() {
    report.atLeast("level", -12, -30, "dBFS");
    report.note("a note");

    assertThat(printed().strip().lines().toList().getLast()).isEqualTo("show talk: holds.");
  }

  @Test
  void jsonHasFiguresAndVerdict() throws Exception {
    report.atMost("delay", 300, 250, "ms");
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    report.printJson(new PrintStream(out, true, StandardCharsets.UTF_8));

    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertThat(json.path("verdict").asText()).isEqualTo("falls short");
    assertThat(json.path("figures").get(0).path("holds").asBoolean()).isFalse();
  }

  private String printed() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
