package dev.parley.session.object.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 14. */
final class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-499, 0, 499",
    "bytes=500-999, 500, 999",
    "bytes=-500, 9500, 9999",
    "bytes=9500-, 9500, 9999",
    "bytes=0-0, 0, 0",
    "bytes=9999-20000, 9999, 9999",
    "bytes=-20000, 0, 9999"
  })
  void theStandardsExamples(String header, long first, long last) {
    assertThat(ByteRange.parse(header, 10_000)).isEqualTo(new ByteRange(first, last));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10000-", "bytes=10000-10001", "bytes=-0"})
  void whatTheObjectHasNotCannotBeSent(String header) {
    ByteRange range = ByteRange.parse(header, 10_000);

    assertThat(range).isNotNull();
    assertThat(range.isSatisfiable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-4", "bytes=0-1,3-4", "items=0-1", "bytes=a-", "bytes=", ""})
  void whatIsNoSingleRangeIsIgnored(String header) {
    assertThat(ByteRange.parse(header, 10_000)).isNull();
  }

  @Test
  void anEmptyObjectHasNoRange() {
    ByteRange range = ByteRange.parse("bytes=0-", 0);

    assertThat(range).isNotNull();
    assertThat(range.isSatisfiable()).isFalse();
  }

  @FuzzTest
  void everyRangeLiesWithinTheObject(FuzzedDataProvider data) {
    long lengthBytes = data.consumeLong(0, Long.MAX_VALUE);
    ByteRange range = ByteRange.parse("bytes=" + data.consumeRemainingAsString(), lengthBytes);
    if (range != null
        && range.isSatisfiable()
        && (range.first() < 0 || range.last() >= lengthBytes || range.length() < 1)) {
      throw new AssertionError(range + " of " + lengthBytes);
    }
  }
}
