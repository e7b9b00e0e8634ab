package dev.parley.media.dtls;

import com.code_intelligence.jazzer.junit.FuzzTest;

class RecordFilterFuzzTest {
  @FuzzTest
  void anyDatagramIsReadWithinItsBounds(byte[] bytes) {
    RecordFilter.accepts(bytes, 0, bytes.length);
    RecordFilter.acceptsMessages(bytes, 0, bytes.length);
  }
}
