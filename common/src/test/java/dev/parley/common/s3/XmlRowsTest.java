package dev.parley.common.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class XmlRowsTest {
  private static final byte[] PARTS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Owner><ID>x</ID></Owner>
        <Part><PartNumber>1</PartNumber><ETag>&quot;a&amp;b&quot;</ETag></Part>
        <Part><PartNumber>2</PartNumber><ETag><![CDATA["c"]]></ETag></Part>
        <IsTruncated>false</IsTruncated>
      </ListPartsResult>
      """
          .getBytes(UTF_8);

  @Test
  void everyElementOfTheNameIsARow() {
    assertThat(XmlRows.read(PARTS, "Part"))
        .isEqualTo(
            List.of(
                Map.of("PartNumber", "1", "ETag", "\"a&b\""),
                Map.of("PartNumber", "2", "ETag", "\"c\"")));
    assertThat(XmlRows.field(PARTS, "ListPartsResult", "IsTruncated")).isEqualTo("false");
    assertThat(XmlRows.read(PARTS, "Upload")).isEmpty();
  }

  @Test
  void whatIsNoXmlHasNoRows() {
    assertThat(XmlRows.read("<a><Part>".getBytes(UTF_8), "Part")).isNull();
    assertThat(XmlRows.read(new byte[0], "Part")).isNull();
    assertThat(XmlRows.field("no".getBytes(UTF_8), "Part", "ETag")).isNull();
  }

  @Test
  void entitiesOfADocumentsOwnAreNotExpanded() {
    byte[] laughs =
        "<!DOCTYPE a [<!ENTITY e \"text\">]><a><Part><ETag>&e;</ETag></Part></a>".getBytes(UTF_8);

    List<Map<String, String>> rows = XmlRows.read(laughs, "Part");

    assertThat(rows == null || !rows.toString().contains("text")).isTrue();
  }

  @Test
  void nestingIsBounded() {
    assertThat(XmlRows.read(("<a>".repeat(20) + "</a>".repeat(20)).getBytes(UTF_8), "Part"))
        .isNull();
  }

  @FuzzTest(maxDuration = "30s")
  void anyBytesAreRowsOrNone(byte[] bytes) {
    List<Map<String, String>> rows = XmlRows.read(bytes, "Part");
    assertThat(rows == null || rows.size() <= 10_000).isTrue();
  }
}
