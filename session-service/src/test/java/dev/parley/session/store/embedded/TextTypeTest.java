package dev.parley.session.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.StringDataType;

final class TextTypeTest {

  @Property
  void writesAndReadsWhatTheLibrarysOwnTypeDoes(@ForAll List<String> texts) {
    WriteBuffer ours = new WriteBuffer();
    WriteBuffer theirs = new WriteBuffer();
    for (String text : texts) {
      TextType.INSTANCE.write(ours, text);
      StringDataType.INSTANCE.write(theirs, text);
    }

    ByteBuffer written = ours.getBuffer().flip();
    assertThat(written).isEqualTo(theirs.getBuffer().flip());
    for (String text : texts) {
      assertThat(TextType.INSTANCE.read(written)).isEqualTo(text);
    }
    assertThat(written.hasRemaining()).isFalse();
  }

  @Property
  void asciiToo(@ForAll List<@CharRange(to = 127) String> texts) {
    writesAndReadsWhatTheLibrarysOwnTypeDoes(texts);
  }
}
