package dev.parley.common.s3;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;

/** Whatever path and query come, they are refused or judged, and never found good. */
final class SignedRequestFuzzTest {
  private static final SignatureCheck CHECK =
      new SignatureCheck(new AccessKey("AKID", "secret-of-it"), "local");

  @FuzzTest
  void everyRequestIsRefusedOrJudged(FuzzedDataProvider data) {
    String path = "/" + data.consumeString(200);
    String query = data.consumeRemainingAsString();
    SignedRequest request = SignedRequest.parse("GET", path, query, Map.of("host", "a"));
    if (request == null) {
      return;
    }
    if (request.path().chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw new AssertionError("a control character: " + path);
    }
    if (CHECK.check(request, 1_795_000_000) == SignatureCheck.Verdict.GOOD) {
      throw new AssertionError("nobody signed " + query);
    }
  }
}
