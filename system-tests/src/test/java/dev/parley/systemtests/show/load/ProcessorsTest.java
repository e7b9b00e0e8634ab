package dev.parley.systemtests.show.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorsTest {
  @Test
  void listsOfTheKernelAreReadWhateverTheirRanges() {
    assertThat(Processors.numbers("0-3,8,10-11")).containsExactly(0, 1, 2, 3, 8, 10, 11);
    assertThat(Processors.numbers("5")).containsExactly(5);
  }

  @Test
  void allowedProcessorsAreFoundAmongAllElse() {
    String status = "Name:\tjava\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\nMems_allowed:\t1\n";

    assertThat(Processors.allowed(status)).isEqualTo("0-1");
  }
}
