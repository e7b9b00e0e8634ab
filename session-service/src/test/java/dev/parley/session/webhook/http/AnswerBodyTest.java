package dev.parley.session.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class AnswerBodyTest {
  @Test
  void bodyIsReadHoweverItsLengthIsTold() throws IOException {
    assertThat(read("\r\nto the end")).isEqualTo("to the end");
    assertThat(read("Content-Length: 5\r\n\r\nwholeand more")).isEqualTo("whole");
    assertThat(
            read("Transfer-Encoding: chunked\r\n\r\n4;x=y\r\nin p\r\nA\r\narts of 10\r\n0\r\n\r\n"))
        .isEqualTo("in parts of 10");
    assertThat(read("content-length:2\n\nok")).isEqualTo("ok");
  }

  @Test
  void whatBreaksOffOrIsTooLongIsNone() {
    for (String answer :
        new String[] {
          "",
          "Content-Length: 5\r\n\r\nhalf",
          "Content-Length: 21\r\n\r\n" + "x".repeat(21),
          "Content-Length: -1\r\n\r\n",
          "Content-Length: many\r\n\r\n",
          "\r\n" + "x".repeat(21),
          "Transfer-Encoding: gzip\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\n4\r\nlonger\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\n15\r\n" + "x".repeat(21) + "\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
          "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
          "x: y\r\n".repeat(101) + "\r\n"
        }) {
      assertThatThrownBy(() -> read(answer)).as(answer).isInstanceOf(IOException.class);
    }
  }

  private static String read(String answer) throws IOException {
    return AnswerBody.read(
        new ByteArrayInputStream(answer.getBytes(StandardCharsets.US_ASCII)), 20);
  }
}
