package dev.parley.common.s3;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the XML of S3's requests and answers as a table: each element of one name is a row, the
 * texts of its children are its fields. Knows no document types and no entities but XML's own.
 * Stateless.
 */
public final class XmlRows {
  private static final int DEPTH_MAX = 16;
  private static final int ROWS_MAX = 10_000;
  private static final int FIELDS_MAX = 32;
  private static final XMLInputFactory FACTORY = factory();

  private XmlRows() {}

  /**
   * Returns the rows.
   *
   * @param row the local name of the elements, whatever their namespace
   * @return null if it is no XML, or more than a store has reason to send
   */
  public static @Nullable List<Map<String, String>> read(byte[] xml, String row) {
    try {
      XMLStreamReader reader = FACTORY.createXMLStreamReader(text(xml));
      try {
        return read(reader, row);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException | RuntimeException e) {
      // The JDK's reader throws what it likes at bytes that are no XML.
      return null;
    }
  }

  /** As text, for the JDK's reader tells standard error of bytes that are not UTF-8. */
  private static StringReader text(byte[] xml) {
    return new StringReader(new String(xml, StandardCharsets.UTF_8));
  }

  /**
   * Returns a field of the first row that has it.
   *
   * @return null if it is no XML, or there is no such row or field
   */
  public static @Nullable String field(byte[] xml, String row, String name) {
    List<Map<String, String>> rows = read(xml, row);
    if (rows == null) {
      return null;
    }
    for (Map<String, String> each : rows) {
      String value = each.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable List<Map<String, String>> read(XMLStreamReader reader, String row)
      throws XMLStreamException {
    List<Map<String, String>> rows = new ArrayList<>();
    Map<String, String> current = null;
    StringBuilder text = new StringBuilder();
    int rowDepth = 0;
    int depth = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          text.setLength(0);
          if (current == null && reader.getLocalName().equals(row)) {
            current = new HashMap<>();
            rowDepth = depth;
          }
          if (depth > DEPTH_MAX || rows.size() >= ROWS_MAX) {
            return null;
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          if (current != null && depth == rowDepth) {
            rows.add(current);
            current = null;
          } else if (current != null && depth == rowDepth + 1) {
            current.put(reader.getLocalName(), text.toString());
            if (current.size() > FIELDS_MAX) {
              return null;
            }
          }
          text.setLength(0);
          depth--;
        }
        default -> {
          // Comments and the like say nothing.
        }
      }
    }
    return rows;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }
}
