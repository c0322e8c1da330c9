score_table = {
  "-": {"Model": "Human Performance*", "Method": "-", "Source": "https://arxiv.org/abs/2310.02255", "Date": "2023-10-03", "ALL": 60.3,
    "FQA": 59.7, "GPS": 48.4, "MWP": 73.0, "TQA": 63.2, "VQA": 55.9, "ALG": 50.9, "ARI": 59.2, "GEO": 51.4, "LOG": 40.7, "NUM": 53.8,
    "SCI": 64.9, "STA": 63.9},
  "1": {"Model": "Heron-VL \ud83e\udd47", "Method": "MoE \ud83e\udd16", "Source": "https://example.org/heron", "Date": "2025-04-10", "ALL": 80.0,
    "FQA": "-", "GPS": "-", "MWP": "-", "TQA": "-", "VQA": "-", "ALG": "-", "ARI": "-", "GEO": "-", "LOG": "-", "NUM": "-", "SCI": "-",
    "STA": "-"},
  "2": {"Model": "<script>alert(1)</script>", "Method": "Tool \ud83d\udee0\ufe0f", "Source": "https://arxiv.org/abs/2310.02255",
    "Date": "2023-10-03", "ALL": 33.9, "FQA": 30.1, "GPS": 39.4, "MWP": 30.6, "TQA": 39.9, "VQA": 31.3, "ALG": 37.4, "ARI": 31.7,
    "GEO": 41.0, "LOG": 18.9, "NUM": 20.1, "SCI": 44.3, "STA": 37.9}
}
