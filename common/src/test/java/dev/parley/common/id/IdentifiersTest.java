package dev.parley.common.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
  @Property(tries = 100)
  void lettersAreAccepted(@ForAll @AlphaChars @StringLength(min = 1, max = 64) String value) {
    assertThat(new Region(value).value()).isEqualTo(value);
  }

  @Test
  void emptyIsRefusedWithTheFieldsName() {
    assertThatThrownBy(() -> new Region("")).hasMessageContaining("region");
  }

  @FuzzTest
  void anyBytesAreAcceptedOrRefusedPlainly(byte[] bytes) {
    String value = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    try {
      assertThat(new Region(value).value()).isEqualTo(value);
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageContaining("region");
    }
  }
}
