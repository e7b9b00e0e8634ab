package dev.parley.session.rest;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.common.control.Order.Listening;
import java.nio.charset.StandardCharsets;

/** Whatever a body holds, reading it ends with values within their bounds or with a problem. */
final class JsonBodyFuzzTest {
  @FuzzTest
  void everyBodyIsReadOrRefused(FuzzedDataProvider data) {
    String text = new String(data.consumeRemainingAsBytes(), StandardCharsets.UTF_8);
    try {
      JsonBody body = JsonBody.parse(text);
      String name = body.text("name", 80);
      int number = body.integer("number", 1, 9, 5);
      body.lines("sdp", 100);
      body.flag("flag", false);
      body.choice("listening", Listening.class, Listening.AUTO);
      JsonBody inner = body.object("grants");
      inner.requiredText("audio", 10);
      body.finish();
      if (number < 1 || number > 9 || (name != null && (name.isEmpty() || name.length() > 160))) {
        throw new AssertionError("out of bounds: " + text);
      }
    } catch (ProblemException e) {
      int status = e.problem().status();
      if (status != 400 && status != 422) {
        throw new AssertionError("unexpected status " + status, e);
      }
    }
  }
}
