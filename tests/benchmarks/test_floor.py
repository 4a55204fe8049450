"""What the benchmark of the floor reads from the queue, and how it counts time unseen."""

from benchmarks import floor


def test_open_alerts_are_read_in_the_order_of_the_queue():
    page = """<li data-alert="7"></li><li class="row" data-alert="3" data-closed></li>
      <li data-alert="12"
        data-current></li>"""

    assert floor.open_alerts(page) == [7, 12]


def test_the_longest_gap_between_looks():
    assert floor.longest_gap([10.0, 30.0, 35.0]) == 20.0
    assert floor.longest_gap([10.0]) == 0.0
