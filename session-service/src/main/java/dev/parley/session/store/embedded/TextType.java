package dev.parley.session.store.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.StringDataType;

/**
 * Strings in the format of {@link StringDataType}, but what is ASCII goes to and from the page as a
 * whole, not a character at a time. Thread-safe.
 */
final class TextType extends StringDataType {
  static final TextType INSTANCE = new TextType();

  private TextType() {}

  @Override
  public void write(WriteBuffer page, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == text.length()) {
      page.putVarInt(bytes.length).put(bytes);
    } else {
      super.write(page, text);
    }
  }

  @Override
  public String read(ByteBuffer page) {
    int length = DataUtils.readVarInt(page);
    if (length > page.remaining()) {
      return DataUtils.readString(page, length);
    }
    byte[] bytes = new byte[length];
    page.get(page.position(), bytes);
    for (byte each : bytes) {
      if (each < 0) {
        return DataUtils.readString(page, length);
      }
    }
    page.position(page.position() + length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
