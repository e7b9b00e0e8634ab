package dev.parley.systemtests.show.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class CostChartTest {
  private final CostChart chart = new CostChart("a & b", "less is <better>");

  @Test
  void barsAreAsLongAsTheirValuesAndEachPanelHasItsScale() throws Exception {
    chart.add(new CostChart.Panel("ms", List.of(group(1, 4), group(2, 8))));
    chart.add(new CostChart.Panel("us", List.of(group(30, 60))));

    List<Double> widths = barWidths();

    double longest = widths.get(3);
    assertThat(widths)
        .containsExactly(longest / 8, longest / 2, longest / 4, longest, longest / 2, longest);
  }

  @Test
  void nothingMeasuredIsNoBar() throws Exception {
    chart.add(new CostChart.Panel("ms", List.of(group(0, 0))));

    assertThat(barWidths()).containsExactly(0.0, 0.0);
  }

  private static CostChart.Group group(double parley, double janus) {
    return new CostChart.Group("work", parley, janus);
  }

  /** Of all rectangles but the background, which is the first; fails if it is not XML. */
  private List<Double> barWidths() throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));
    NodeList rectangles = document.getElementsByTagName("rect");
    List<Double> widths = new ArrayList<>();
    for (int i = 1; i < rectangles.getLength(); i++) {
      widths.add(Double.valueOf(((Element) rectangles.item(i)).getAttribute("width")));
    }
    return widths;
  }
}
